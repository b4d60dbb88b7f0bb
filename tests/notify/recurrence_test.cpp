#include "notify/recurrence.hpp"

#include <doctest/doctest.h>

#include "july_2019.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;
using test::utc;

namespace {

store::Maintenance every(const std::string& rule, const char* begins, Micros duration = 1h,
                         const std::string& zone = "Europe/Rome") {
  store::Maintenance maintenance;
  maintenance.begins = utc(begins);
  maintenance.duration = duration;
  maintenance.zone = zone;
  maintenance.rule = rule;
  return maintenance;
}

std::vector<std::string> begins_of(const store::Maintenance& maintenance, const char* from, const char* to) {
  std::vector<std::string> out;
  for (const auto& window : windows(maintenance, utc(from), utc(to))) out.push_back(format_time(window.begins));
  return out;
}

using Times = std::vector<std::string>;

}  // namespace

TEST_CASE("weekly maintenance keeps its hour on the wall when the clocks change") {
  // 03:30 in Rome: 02:30 UTC in winter, 01:30 UTC in summer. The clocks change on 29 March and 25 October 2026.
  const auto weekly = every("FREQ=WEEKLY;BYDAY=SU", "2026-03-15T02:30:00Z");
  CHECK(begins_of(weekly, "2026-03-15T00:00:00Z", "2026-04-06T00:00:00Z") ==
        Times{"2026-03-15T02:30:00Z", "2026-03-22T02:30:00Z", "2026-03-29T01:30:00Z", "2026-04-05T01:30:00Z"});
  CHECK(begins_of(weekly, "2026-10-18T00:00:00Z", "2026-11-02T00:00:00Z") ==
        Times{"2026-10-18T01:30:00Z", "2026-10-25T02:30:00Z", "2026-11-01T02:30:00Z"});
}

TEST_CASE("an hour that the clocks skip becomes the moment of the change, one that comes twice is the first") {
  const auto daily = every("FREQ=DAILY", "2026-03-28T01:30:00Z", 10min);  // 02:30 in Rome
  CHECK(begins_of(daily, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z") ==
        Times{"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"});
  CHECK(begins_of(daily, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z") ==
        Times{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"});
}

TEST_CASE("rules of months name weekdays and days from either end") {
  CHECK(begins_of(every("FREQ=MONTHLY;BYDAY=1SU", "2026-01-01T10:00:00Z", 1h, "UTC"), "2026-01-01T00:00:00Z",
                  "2026-03-31T00:00:00Z") ==
        Times{"2026-01-04T10:00:00Z", "2026-02-01T10:00:00Z", "2026-03-01T10:00:00Z"});
  CHECK(begins_of(every("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01T10:00:00Z", 1h, "UTC"), "2026-01-01T00:00:00Z",
                  "2026-02-28T12:00:00Z") == Times{"2026-01-30T10:00:00Z", "2026-02-27T10:00:00Z"});
  CHECK(begins_of(every("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31T10:00:00Z", 1h, "UTC"), "2028-01-01T00:00:00Z",
                  "2028-03-01T00:00:00Z") == Times{"2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z"});
  // The 31st is not in every month.
  CHECK(begins_of(every("FREQ=MONTHLY", "2026-01-31T10:00:00Z", 1h, "UTC"), "2026-01-01T00:00:00Z",
                  "2026-04-01T00:00:00Z") == Times{"2026-01-31T10:00:00Z", "2026-03-31T10:00:00Z"});
}

TEST_CASE("intervals, counts and ends bound a rule") {
  CHECK(begins_of(every("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=3", "2026-01-05T10:00:00Z", 1h, "UTC"),
                  "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z") ==
        Times{"2026-01-05T10:00:00Z", "2026-01-07T10:00:00Z", "2026-01-19T10:00:00Z"});
  CHECK(begins_of(every("FREQ=DAILY;UNTIL=20260107T100000Z", "2026-01-05T10:00:00Z", 1h, "UTC"), "2026-01-01T00:00:00Z",
                  "2026-12-31T00:00:00Z") ==
        Times{"2026-01-05T10:00:00Z", "2026-01-06T10:00:00Z", "2026-01-07T10:00:00Z"});
}

TEST_CASE("a window is open from its beginning to before its end") {
  const auto once = every("", "2026-01-05T10:00:00Z");
  CHECK(!window_at(once, utc("2026-01-05T09:59:59Z")));
  CHECK(window_at(once, utc("2026-01-05T10:00:00Z")));
  CHECK(window_at(once, utc("2026-01-05T10:59:59Z")));
  CHECK(!window_at(once, utc("2026-01-05T11:00:00Z")));
  CHECK(next_window(once, utc("2026-01-01T00:00:00Z"))->begins == once.begins);
  CHECK(!next_window(once, utc("2026-01-05T10:00:00Z")));
  // One that began the day before is still open past midnight.
  const auto nightly = every("FREQ=DAILY", "2026-01-01T22:00:00Z", 4h, "UTC");
  CHECK(window_at(nightly, utc("2026-01-06T01:00:00Z"))->begins == utc("2026-01-05T22:00:00Z"));
}

TEST_CASE("a rule that is not understood is refused with what is allowed") {
  CHECK(parse_recurrence("FREQ=HOURLY").error() == "FREQ=HOURLY: allowed is DAILY, WEEKLY or MONTHLY");
  CHECK(parse_recurrence("BYDAY=SU").error() == "FREQ is missing, as in FREQ=WEEKLY;BYDAY=SU");
  CHECK(!parse_recurrence("FREQ=WEEKLY;BYDAY=XX"));
  CHECK(!parse_recurrence("FREQ=WEEKLY;BYDAY=1SU"));
  CHECK(!parse_recurrence("FREQ=DAILY;COUNT=0"));
  CHECK(!parse_recurrence("FREQ=DAILY;BYEASTER=1"));
  CHECK(!parse_recurrence(""));
}
