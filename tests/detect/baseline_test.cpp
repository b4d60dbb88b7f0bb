// What is slow for a probe.
#include "detect/baseline.hpp"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/random.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace std::chrono_literals;

namespace {

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform());
}

/// An answer around 200 ms with the usual spread.
Micros usual(Random& random, double factor = 1) {
  return Micros{static_cast<Micros::rep>(200e3 * factor * std::exp(0.3 * normal(random)))};
}

Baseline learned(int results, Random& random) {
  Baseline baseline;
  for (int i = 0; i < results; ++i) {
    const Micros took = usual(random);
    baseline.learn(took, baseline.is_slow(took, 0, {}));
  }
  return baseline;
}

}  // namespace

TEST_CASE("an answer that takes five times as long is slow and a usual one is not") {
  Random random{1};
  const Baseline baseline = learned(1000, random);
  CHECK(baseline.is_slow(1000ms, 0, {}));
  CHECK_FALSE(baseline.is_slow(200ms, 0, {}));
  CHECK_FALSE(baseline.is_slow(300ms, 0, {}));
}

TEST_CASE("what nobody feels is not slow, however many times as long as usual it took") {
  Baseline baseline;
  for (int i = 0; i < 1000; ++i) baseline.learn(400us, false);
  CHECK_FALSE(baseline.is_slow(40ms, 0, {}));
  CHECK(baseline.is_slow(60ms, 0, {}));
}

TEST_CASE("before there is history nothing is slow") {
  Random random{1};
  CHECK_FALSE(learned(10, random).is_slow(10s, 0, {}));
}

TEST_CASE("most answers that take three times as long are slow and few usual ones are") {
  Random random{2};
  const Baseline baseline = learned(2000, random);
  int slow = 0;
  int wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    slow += baseline.is_slow(usual(random, 3), 0, {}) ? 1 : 0;
    wrong += baseline.is_slow(usual(random), 0, {}) ? 1 : 0;
  }
  CHECK(slow > 600);
  CHECK(wrong < 25);
}

TEST_CASE("single answers of many seconds do not move the baseline") {
  Random random{3};
  Baseline baseline = learned(1000, random);
  for (int i = 0; i < 500; ++i) {
    baseline.learn(i % 50 == 0 ? Micros{9s} : usual(random), i % 50 == 0);
  }
  CHECK(baseline.is_slow(1000ms, 0, {}));
  CHECK_FALSE(baseline.is_slow(300ms, 0, {}));
}

TEST_CASE("the baseline follows the daily curve and so calls it normal") {
  Random random{4};
  Baseline baseline = learned(2000, random);
  int slow = 0;
  for (int minute = 0; minute < 3 * 1440; ++minute) {
    const Micros took = usual(random, 1 + 0.25 * std::sin(2 * std::numbers::pi * minute / 1440));
    const bool is_slow = baseline.is_slow(took, 0, {});
    slow += is_slow ? 1 : 0;
    baseline.learn(took, is_slow);
  }
  CHECK(slow < 3 * 1440 * 0.03);
}

TEST_CASE("a new normal is learned within a day") {
  Random random{5};
  Baseline baseline = learned(2000, random);
  for (int minute = 0; minute < 1440; ++minute) baseline.learn(usual(random, 2.5), false);
  CHECK_FALSE(baseline.is_slow(600ms, 0, {}));
}

TEST_CASE("a saved baseline goes on as before") {
  Random random{6};
  const Baseline baseline = learned(500, random);
  Baseline again;
  again.load(nlohmann::json::parse(baseline.save().dump()));
  CHECK(again.save() == baseline.save());
}
