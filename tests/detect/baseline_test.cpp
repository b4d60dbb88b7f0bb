// What is slow for a probe.
#include "detect/baseline.hpp"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "base/units.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace std::chrono_literals;

namespace {

const WallTime kMonday = *parse_time("2026-03-02T00:00:00Z");

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
    const WallTime at = kMonday - (results - i) * 1min;
    baseline.learn(took, at, baseline.is_slow(took, at, 0, {}));
  }
  return baseline;
}

}  // namespace

TEST_CASE("an answer that takes five times as long is slow and a usual one is not") {
  Random random{1};
  const Baseline baseline = learned(1000, random);
  CHECK(baseline.is_slow(1000ms, kMonday, 0, {}));
  CHECK_FALSE(baseline.is_slow(200ms, kMonday, 0, {}));
  CHECK_FALSE(baseline.is_slow(300ms, kMonday, 0, {}));
}

TEST_CASE("what nobody feels is not slow, however many times as long as usual it took") {
  Baseline baseline;
  for (int i = 0; i < 1000; ++i) baseline.learn(400us, kMonday, false);
  CHECK_FALSE(baseline.is_slow(40ms, kMonday, 0, {}));
  CHECK(baseline.is_slow(60ms, kMonday, 0, {}));
}

TEST_CASE("before there is history nothing is slow") {
  Random random{1};
  CHECK_FALSE(learned(10, random).is_slow(10s, kMonday, 0, {}));
}

TEST_CASE("most answers that take three times as long are slow and few usual ones are") {
  Random random{2};
  const Baseline baseline = learned(2000, random);
  int slow = 0;
  int wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    slow += baseline.is_slow(usual(random, 3), kMonday, 0, {}) ? 1 : 0;
    wrong += baseline.is_slow(usual(random), kMonday, 0, {}) ? 1 : 0;
  }
  CHECK(slow > 600);
  CHECK(wrong < 25);
}

TEST_CASE("single answers of many seconds do not move the baseline") {
  Random random{3};
  Baseline baseline = learned(1000, random);
  for (int i = 0; i < 500; ++i) {
    baseline.learn(i % 50 == 0 ? Micros{9s} : usual(random), kMonday + i * 1min, i % 50 == 0);
  }
  CHECK(baseline.is_slow(1000ms, kMonday, 0, {}));
  CHECK_FALSE(baseline.is_slow(300ms, kMonday, 0, {}));
}

TEST_CASE("the baseline follows the daily curve and so calls it normal") {
  Random random{4};
  Baseline baseline = learned(2000, random);
  int slow = 0;
  for (int minute = 0; minute < 3 * 1440; ++minute) {
    const WallTime at = kMonday + minute * 1min;
    const Micros took = usual(random, 1 + 0.25 * std::sin(2 * std::numbers::pi * minute / 1440));
    const bool is_slow = baseline.is_slow(took, at, 0, {});
    slow += is_slow ? 1 : 0;
    baseline.learn(took, at, is_slow);
  }
  CHECK(slow < 3 * 1440 * 0.03);
}

TEST_CASE(
    "where nights take a third of the day's time, the morning is not slow and a night that takes the day's time is") {
  Random random{8};
  Baseline baseline;
  const auto factor = [](int minute) { return minute / 60 % 24 < 8 ? 1.0 / 3 : 1; };
  const int days = 6;
  for (int minute = 0; minute < days * 1440; ++minute) {
    const WallTime at = kMonday + minute * 1min;
    const Micros took = usual(random, factor(minute));
    baseline.learn(took, at, baseline.is_slow(took, at, 0, {}));
  }
  int slow_in_morning = 0;
  int slow_at_night = 0;
  for (int i = 0; i < 100; ++i) {
    slow_at_night += baseline.is_slow(usual(random), kMonday + days * 24h + 4h, 0, {}) ? 1 : 0;
    slow_in_morning += baseline.is_slow(usual(random), kMonday + days * 24h + 9h, 0, {}) ? 1 : 0;
  }
  CHECK(slow_at_night > 50);
  CHECK(slow_in_morning < 5);
}

TEST_CASE("what is not slow yet is learned within a day") {
  Random random{5};
  Baseline baseline = learned(2000, random);
  for (int minute = 0; minute < 1440; ++minute) baseline.learn(usual(random, 2.5), kMonday + minute * 1min, false);
  CHECK_FALSE(baseline.is_slow(600ms, kMonday + 24h, 0, {}));
}

TEST_CASE("a slowness is taken for the new normal once enough is known of it, and not before") {
  Random random{7};
  Baseline baseline = learned(2000, random);
  for (int i = 0; i < 30; ++i) baseline.learn_lately(usual(random, 5), kMonday + i * 1min);
  CHECK_FALSE(baseline.take_lately());
  CHECK(baseline.is_slow(1000ms, kMonday + 1h, 0, {}));
  for (int i = 30; i < 1440; ++i) baseline.learn_lately(usual(random, 5), kMonday + i * 1min);
  CHECK(baseline.is_slow(1000ms, kMonday + 24h, 0, {}));
  REQUIRE(baseline.take_lately());
  CHECK_FALSE(baseline.is_slow(1000ms, kMonday + 24h, 0, {}));
  CHECK(baseline.is_slow(5000ms, kMonday + 24h, 0, {}));
}

TEST_CASE("a baseline that was saved before there were weekly curves is taken on") {
  Baseline baseline;
  baseline.load(nlohmann::json::parse("[12.2,0.2,1000.0,10.0,900.0]"));
  CHECK(baseline.is_slow(1000ms, kMonday, 0, {}));
  CHECK_FALSE(baseline.is_slow(200ms, kMonday, 0, {}));
  CHECK(baseline.save().at(0) == 12.2);
}

TEST_CASE("a saved baseline goes on as before") {
  Random random{6};
  const Baseline baseline = learned(500, random);
  Baseline again;
  again.load(nlohmann::json::parse(baseline.save().dump()));
  CHECK(again.save() == baseline.save());
}
