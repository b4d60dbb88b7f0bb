#include "detect/settings.hpp"

#include <doctest/doctest.h>

using namespace outaged;

TEST_CASE("the detection section reads back what it writes") {
  const auto& shape = detect::settings_shape();
  detect::Settings settings;
  settings.false_alarms = 0.5;
  settings.quiet_period = std::chrono::minutes{9};
  json::Faults faults;
  const auto again = shape.read(shape.write(settings), json::Cursor{"file", faults});
  CHECK(faults.empty());
  REQUIRE(again);
  CHECK(*again == settings);
}

TEST_CASE("thresholds that make no sense are refused") {
  json::Faults faults;
  const json::Json section = {{"major_share", 7}, {"quiet_period", "0s"}, {"entry_treshold", 3}};
  CHECK_FALSE(detect::settings_shape().read(section, json::Cursor{"file", faults}));
  CHECK(faults.size() == 3);
}
