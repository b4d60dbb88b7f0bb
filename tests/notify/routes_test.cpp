#include "notify/routes.hpp"

#include <doctest/doctest.h>

#include "base/json/parse.hpp"
#include "july_2019.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;
using test::utc;

TEST_CASE("hours hold in the zone's civil time, and a night belongs to the day on which it began") {
  Hours night{{Weekday::fri}, 22h, 7h, Zone::find("Europe/Rome").value()};
  CHECK(!night.contains(utc("2026-11-27T20:59:00Z")));  // Friday 21:59
  CHECK(night.contains(utc("2026-11-27T21:00:00Z")));
  CHECK(night.contains(utc("2026-11-28T05:59:00Z")));  // Saturday 06:59
  CHECK(!night.contains(utc("2026-11-28T06:00:00Z")));
  CHECK(!night.contains(utc("2026-11-28T21:30:00Z")));  // Saturday evening
  CHECK(night.contains(utc("2026-07-03T20:00:00Z")));   // in summer the same hour is an hour earlier
}

TEST_CASE("a route that names a channel which is not there is a fault with a suggestion") {
  json::Faults faults;
  const json::Cursor cursor{"outaged.json", faults};
  Settings channels;
  channels["phone"] = {};
  Route route;
  route.channels = {"phnoe"};
  CHECK(!check_routes({route}, channels, cursor.at("routes")));
  REQUIRE(faults.size() == 1);
  const auto text = json::to_string(faults.front());
  CHECK(text.find("/routes/0/channels/0") != std::string::npos);
  CHECK(text.find("phone") != std::string::npos);
}

TEST_CASE("what is no route is refused") {
  for (const char* text : {R"([{}])", R"([{"channels": []}])", R"([{"channels": ["a"], "severity": "huge"}])",
                           R"([{"channels": ["a"], "during": {"from": "25:00", "to": "26:00"}}])",
                           R"([{"channels": ["a"], "during": {"from": "20:00", "to": "22:00", "zone": "Mars"}}])"}) {
    json::Faults faults;
    CAPTURE(text);
    CHECK(!routes_shape().read(json::parse_file_text(text, "r").value(), json::Cursor{"r", faults}));
    CHECK(!faults.empty());
  }
}
