#include "notify/calendar.hpp"

#include <doctest/doctest.h>

#include "july_2019.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;

namespace {
const auto kNow = test::utc("2026-11-24T12:00:00Z");
const ComponentId kUpload{"whatsapp", "media-upload"};
const ComponentId kLogin{"facebook", "login"};
store::Silence silence(const char* pattern, Micros duration) {
  return {0, parse_pattern(pattern).value(), kNow, kNow + duration, "known", "ann"};
}
}  // namespace

TEST_CASE("a silence holds for what it names, until its end") {
  Calendar calendar;
  const auto added = calendar.add(silence("whatsapp/*", 2h), kNow);
  REQUIRE(added);
  CHECK(added->id == 1);
  CHECK(calendar.is_silenced(kUpload, kNow));
  CHECK(!calendar.is_silenced(kLogin, kNow));
  CHECK(!calendar.is_silenced(kUpload, kNow - 1s));
  CHECK(!calendar.is_silenced(kUpload, kNow + 2h));
  const auto ended = calendar.end_silence(1, kNow + 1h);
  REQUIRE(ended);
  CHECK(ended->ended == kNow + 1h);
  CHECK(!calendar.is_silenced(kUpload, kNow + 1h));
  CHECK(!calendar.end_silence(1, kNow + 1h));
}

TEST_CASE("a silence that cannot work is refused") {
  Calendar calendar;
  CHECK(!calendar.add(silence("*", Micros{0}), kNow));
  CHECK(!calendar.add(silence("*", 24h * 400), kNow));
  auto past = silence("*", 1h);
  past.since -= 5h;
  past.until -= 5h;
  CHECK(!calendar.add(past, kNow));
}

TEST_CASE("maintenance is checked when it is added, and goes on after a restart") {
  store::Maintenance wanted;
  wanted.pattern = parse_pattern("*/login").value();
  wanted.begins = kNow - 30min;
  wanted.duration = 1h;
  wanted.zone = "Europe/Rom";
  Calendar calendar;
  CHECK(calendar.add(wanted, kNow).error() == "\"Europe/Rom\" is not a time zone such as \"Europe/Rome\"");
  wanted.zone = "Europe/Rome";
  wanted.rule = "FREQ=NEVER";
  CHECK(!calendar.add(wanted, kNow));
  wanted.rule = "";
  const auto added = calendar.add(wanted, kNow);
  REQUIRE(added);
  Calendar restarted;
  restarted.restore({}, {*added}, 0, added->id);
  CHECK(restarted.is_maintained(kLogin, kNow));
  CHECK(!restarted.is_maintained(kUpload, kNow));
  CHECK(!restarted.is_maintained(kLogin, kNow + 30min));
  CHECK(restarted.add(wanted, kNow)->id == added->id + 1);
  CHECK(calendar.add(wanted, kNow + 2h).error() == "this maintenance is over before it begins");
  wanted.begins = kNow + std::chrono::days{5000};
  CHECK(calendar.add(wanted, kNow).error().starts_with("maintenance begins within a year, not on 20"));
}
