// What the hour of the week does to a probe's time.
#include "detect/weekly_curve.hpp"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace std::chrono_literals;

namespace {

const WallTime kMonday = *parse_time("2026-03-02T00:00:00Z");

/// Days are three times as slow as nights, evenly from one to the other.
double daily(WallTime when) {
  const auto day = std::chrono::duration<double, std::ratio<86400>>(when - kMonday).count();
  return -0.55 * std::cos(2 * std::numbers::pi * day);
}

/// On Mondays the morning is slower still.
double with_mondays(WallTime when) {
  const auto hour = std::chrono::duration_cast<std::chrono::hours>(when - kMonday).count() % 168;
  return daily(when) + (hour >= 8 && hour < 11 ? 0.6 : 0);
}

/// An answer a minute.
WeeklyCurve learned(Micros length, double (*wave)(WallTime), double level = 12) {
  WeeklyCurve curve;
  for (Micros at{0}; at < length; at += 1min) curve.learn(kMonday + at, level + wave(kMonday + at));
  return curve;
}

}  // namespace

TEST_CASE("on the first day nothing is known of any hour") {
  const auto curve = learned(23h, daily);
  for (const auto hour : {0h, 12h, 30h}) CHECK(curve.at(kMonday + hour) == 0);
}

TEST_CASE("after three days the daily wave is known, of days that have not come yet too") {
  const auto curve = learned(72h + 1min, daily);
  for (const auto hour : {72h, 78h, 84h, 108h, 120h}) {
    CAPTURE(hour.count());
    CHECK(std::abs(curve.at(kMonday + hour) - daily(kMonday + hour)) < 0.2);
  }
}

TEST_CASE("after three weeks the Monday morning is known as one, and Tuesday's is as before") {
  const auto curve = learned(21 * 24h + 1min, with_mondays);
  const WallTime monday = kMonday + 21 * 24h + 9h + 30min;
  CHECK(curve.at(monday) - curve.at(monday + 24h) > 0.4);
  CHECK(std::abs(curve.at(monday + 24h) - daily(monday)) < 0.15);
}

TEST_CASE("from one hour to the next the curve goes over evenly") {
  const auto curve = learned(7 * 24h, daily);
  for (Micros at{0}; at < 24h; at += 1min) {
    CHECK(std::abs(curve.at(kMonday + at + 1min) - curve.at(kMonday + at)) < 0.01);
  }
}

TEST_CASE("a change of level for good does not pass for a wave") {
  auto curve = learned(7 * 24h, daily);
  WeeklyCurve before = curve;
  curve.shift(1);
  for (Micros at = 7 * 24h; at < 9 * 24h; at += 1min) curve.learn(kMonday + at, 13 + daily(kMonday + at));
  for (const auto hour : {0h, 6h, 12h, 18h}) {
    CHECK(std::abs(curve.at(kMonday + 9 * 24h + hour) - before.at(kMonday + 9 * 24h + hour)) < 0.1);
  }
}

TEST_CASE("hours with a handful of answers teach nothing") {
  WeeklyCurve curve;
  for (Micros at{0}; at < 7 * 24h; at += 15min) curve.learn(kMonday + at, 12 + daily(kMonday + at));
  CHECK(curve.at(kMonday + 7 * 24h) == 0);
}

TEST_CASE("a saved curve goes on as before, and takes less than a kibibyte") {
  auto curve = learned(15 * 24h + 17min, with_mondays);
  const auto saved = curve.save().dump();
  CHECK(saved.size() < 1024);
  WeeklyCurve again;
  again.load(nlohmann::json::parse(saved));
  CHECK(again.save() == curve.save());
  for (WeeklyCurve* one : {&curve, &again}) {
    for (Micros at = 15 * 24h + 18min; at < 17 * 24h; at += 1min) one->learn(kMonday + at, 12.5);
  }
  CHECK(again.save() == curve.save());
}

TEST_CASE("a curve of another length, or none, is refused") {
  WeeklyCurve curve;
  for (const char* bad : {R"(["AAAA",0,0,0,0,0])", R"(["?",0,0,0,0,0])", R"(["",0,0])", "[]", "7"}) {
    CAPTURE(bad);
    CHECK_THROWS(curve.load(nlohmann::json::parse(bad)));
  }
}
