// What one probe's results weigh.
#include "detect/witness.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/random.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace std::chrono_literals;

namespace {

Witness::Seen at_minute(int minute, bool failed) {
  return {minute * 60s, minute * 60s, failed, failed};
}

/// Days in health, a result a minute.
Witness learned(double rate, int days, bool learning = true) {
  Random random{3};
  Witness witness;
  for (int minute = 0; minute < days * 1440; ++minute) {
    witness.add(at_minute(minute, random.chance(rate)), 0, learning, {});
  }
  return witness;
}

double most(const EntryTest::Increments& ratios) {
  return *std::ranges::max_element(ratios);
}

}  // namespace

TEST_CASE("a probe learns how often it fails in health") {
  CHECK(learned(0.002, 10).base_rate({}) == doctest::Approx(0.002).epsilon(0.4));
  CHECK(learned(0.015, 10).base_rate({}) == doctest::Approx(0.015).epsilon(0.3));
}

TEST_CASE("the learned rate is clipped at both ends") {
  CHECK(learned(0, 20).base_rate({}) >= 0.001);
  CHECK(learned(0.3, 10).base_rate({}) <= 0.02);
}

TEST_CASE("nothing is learned while an outage is open") {
  CHECK(learned(0.5, 2, false).base_rate({}) == doctest::Approx(Settings{}.base_failure_rate));
}

TEST_CASE("a failure of a probe that seldom fails weighs more") {
  Witness steady = learned(0.001, 10);
  Witness shaky = learned(0.015, 10);
  steady.add(at_minute(99'999, false), 0, true, {});
  shaky.add(at_minute(99'999, false), 0, true, {});
  const auto weight = [](Witness& witness) { return most(witness.add(at_minute(100'000, true), 0, true, {}).alone); };
  CHECK(weight(steady) > weight(shaky) + 1);
}

TEST_CASE("a second failure in a row weighs much and further ones ever less") {
  Witness witness = learned(0.004, 5);
  witness.add(at_minute(99'999, false), 0, true, {});
  const double first = most(witness.add(at_minute(100'000, true), 0, true, {}).alone);
  const double second = most(witness.add(at_minute(100'001, true), 0, true, {}).alone);
  const double third = most(witness.add(at_minute(100'002, true), 0, true, {}).alone);
  CHECK(first > 3);
  CHECK(second > 3);
  CHECK(third < second / 2);
  CHECK(third >= 0);
}

TEST_CASE("repeats of one probe count less for several components together") {
  Witness witness = learned(0.004, 5);
  witness.add(at_minute(100'000, true), 0, true, {});
  const Step repeat = witness.add(at_minute(100'001, true), 0, true, {});
  CHECK(most(repeat.pooled) < most(repeat.alone));
}

TEST_CASE("in a network that loses packets failures without an answer say little") {
  Witness calm = learned(0.004, 5);
  Witness noisy = calm;
  const Witness::Seen no_answer{100'000 * 60s, 100'000 * 60s, true, false};
  CHECK(most(noisy.add(no_answer, 0.4, true, {}).alone) < most(calm.add(no_answer, 0, true, {}).alone) - 3);
}

TEST_CASE("what was withdrawn is no run of failures any more") {
  Witness witness = learned(0.004, 1);
  witness.add(at_minute(2000, true), 0, true, {});
  witness.add(at_minute(2001, true), 0, true, {});
  CHECK(witness.failures_in_a_row() == 2);
  witness.withdraw_since(2000 * 60s);
  CHECK(witness.failures_in_a_row() == 0);
}

TEST_CASE("a saved witness goes on as before") {
  Witness witness = learned(0.01, 2);
  Witness again;
  again.load(nlohmann::json::parse(witness.save().dump()));
  CHECK(again.save() == witness.save());
  CHECK(again.base_rate({}) == witness.base_rate({}));
}

TEST_CASE("a re-check within seconds is hardly a new witness, a result a minute later wholly") {
  Witness witness;
  witness.add({0s, 0s, true, true}, 0, true, {});
  CHECK(witness.add({3s, 3s, false, false}, 0, true, {}).fresh < 0.15);
  CHECK(witness.add({63s, 63s, false, false}, 0, true, {}).fresh == doctest::Approx(1));
}

TEST_CASE("a repeated failure says more to a pool when another member repeats its failures too") {
  auto witness = learned(0.004, 2);
  const auto first = witness.add(at_minute(2880, true), 0, false, {});
  const auto second = witness.add(at_minute(2881, true), 0, false, {});
  CHECK(most(first.joint) == most(first.pooled));
  CHECK(most(second.joint) > most(second.pooled) + 1.5);
}
