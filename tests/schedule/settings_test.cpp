#include "schedule/settings.hpp"

#include <doctest/doctest.h>

using namespace outaged;
using namespace std::chrono_literals;
using json::Json;

namespace {

std::optional<schedule::Settings> read(const Json& value, json::Faults& faults) {
  return schedule::settings_shape().read(value, json::Cursor{"test", faults});
}

}  // namespace

TEST_CASE("the schedule's settings have defaults that read back from what is written") {
  json::Faults faults;
  const auto settings = read(schedule::settings_shape().write(schedule::Settings{}), faults);
  REQUIRE(settings);
  CHECK(faults.empty());
  CHECK(settings->max_running == schedule::Settings{}.max_running);
  CHECK(settings->give_up_after == schedule::Settings{}.give_up_after);
}

TEST_CASE("the schedule's settings are read from the file") {
  json::Faults faults;
  const auto settings =
      read(Json::parse(R"({"max_running": 8, "jitter": 0, "recheck": {"per_probe": 2, "window": "30s"}})"), faults);
  REQUIRE(settings);
  CHECK(settings->max_running == 8);
  CHECK(settings->jitter == 0);
  CHECK(settings->recheck.per_probe == 2);
  CHECK(settings->recheck.window == 30s);
}

TEST_CASE("settings that cannot work are faults") {
  for (const char* text : {R"({"max_running": 0})", R"({"jitter": 0.6})", R"({"jitter": -0.1})",
                           R"({"recheck": {"per_probe": -1}})", R"({"give_up_after": "0s"})", R"({"max": 3})"}) {
    CAPTURE(text);
    json::Faults faults;
    CHECK_FALSE(read(Json::parse(text), faults));
    CHECK(faults.size() == 1);
  }
}
