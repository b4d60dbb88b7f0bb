#include "base/units.hpp"

#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace outaged;
using namespace std::chrono_literals;

TEST_CASE("durations are read in every unit and in sums") {
  CHECK(parse_duration("250us") == 250us);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("30d") == 24h * 30);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("1m1ms") == 1min + 1ms);
  CHECK(parse_duration("0s") == 0s);
}

TEST_CASE("what is not a duration is refused") {
  for (const char* text : {"", "5", "s", "5 s", " 5s", "5s ", "-5s", "+5s", "1.5s", "5S", "5sec", "30m1h", "1s1s",
                           "5s5", "9223372036854775808us", "106751992d", "106751991d5h", "99999999999999999999s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("a duration is written so that it reads back the same") {
  CHECK(format_duration(0us) == "0s");
  CHECK(format_duration(90min) == "1h30m");
  CHECK(format_duration(-5s) == "-5s");
  CHECK(rc::check("round trip", [] {
    const Micros duration{*rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max())};
    RC_ASSERT(parse_duration(format_duration(duration)) == duration);
  }));
  CHECK(parse_duration(format_duration(Micros::max())) == Micros::max());
  CHECK(format_duration(Micros::min()).starts_with("-106751991d"));
}

TEST_CASE("durations for people have at most two units") {
  CHECK(format_duration_rounded(11h + 9min + 59s) == "11h 9m");
  CHECK(format_duration_rounded(42s + 900ms) == "42s");
  CHECK(format_duration_rounded(380ms + 7us) == "380ms");
  CHECK(format_duration_rounded(1h + 5s) == "1h");
  CHECK(format_duration_rounded(0s) == "0s");
}

TEST_CASE("sizes are read and written in powers of two") {
  CHECK(parse_bytes("0B") == Bytes{0});
  CHECK(parse_bytes("64KiB") == Bytes{65536});
  CHECK(parse_bytes("1MiB") == Bytes{1U << 20U});
  for (const char* text : {"", "5", "KiB", "5KB", "5kib", "1.5MiB", "-1B", "1KiB1B", "9000000000TiB"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_bytes(text));
  }
  CHECK(format_bytes(Bytes{0}) == "0B");
  CHECK(format_bytes(Bytes{1536}) == "1536B");
  CHECK(rc::check("round trip", [] {
    const Bytes bytes{
        static_cast<std::uint64_t>(*rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max()))};
    RC_ASSERT(parse_bytes(format_bytes(bytes)) == bytes);
  }));
}

TEST_CASE("times are RFC 3339 with any offset") {
  const auto noon = parse_time("2019-07-03T12:00:00Z");
  REQUIRE(noon);
  CHECK(format_time(*noon) == "2019-07-03T12:00:00Z");
  CHECK(parse_time("2019-07-03T14:00:00+02:00") == noon);
  CHECK(parse_time("2019-07-03t07:30:00-04:30") == noon);
  CHECK(parse_time("2019-07-03 12:00:00z") == noon);
  CHECK(parse_time("2019-07-03T12:00:00.123456789Z") == *noon + 123'456us);
  CHECK(format_time(*noon + 5ms) == "2019-07-03T12:00:00.005Z");
  CHECK(format_time(*noon + 5us) == "2019-07-03T12:00:00.000005Z");
  CHECK(format_clock(*noon) == "12:00");
  CHECK(format_date(*noon) == "2019-07-03");
  CHECK(format_time(WallTime{} - 1us) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("times that are not in the calendar or not RFC 3339 are refused") {
  for (const char* text :
       {"", "2019-07-03", "2019-07-03T12:00Z", "2019-07-03T12:00:00", "2019-02-29T12:00:00Z", "2019-13-01T00:00:00Z",
        "2019-00-01T00:00:00Z", "2019-07-03T24:00:00Z", "2019-07-03T12:60:00Z", "2019-07-03T12:00:60Z",
        "2019-07-03T12:00:00.Z", "2019-07-03T12:00:00+2:00", "2019-07-03T12:00:00Z ", "19-07-03T12:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
  CHECK(parse_time("2020-02-29T12:00:00Z"));
}

TEST_CASE("a time is written so that it reads back the same") {
  CHECK(rc::check("round trip", [] {
    // The years 1 to 9999.
    const WallTime time{Micros{*rc::gen::inRange<std::int64_t>(-62'135'596'800'000'000, 253'402'300'799'999'999)}};
    RC_ASSERT(parse_time(format_time(time)) == time);
  }));
}

TEST_CASE("no text makes the parsers misbehave") {
  CHECK(rc::check("any text", [](const std::string& text) {
    parse_duration(text);
    parse_bytes(text);
    parse_time(text);
  }));
}
