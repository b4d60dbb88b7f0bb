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

TEST_CASE("thresholds that contradict each other are refused by both their names") {
  const auto faults_of = [](const json::Json& section) {
    json::Faults faults;
    const bool accepted = detect::settings_shape().read(section, json::Cursor{"file", faults}).has_value();
    CHECK(accepted == faults.empty());
    return faults.empty() ? std::string{} : json::to_string(faults.front());
  };
  CHECK(faults_of({{"quiet_period", "1h"}, {"quiet_longest", "1m"}}) ==
        "file: /quiet_period: found 1h, above \"quiet_longest\", which is 1m; allowed: at most \"quiet_longest\"");
  CHECK(faults_of({{"quiet_period", "1h"}}).find("which is 40m") != std::string::npos);
  CHECK(faults_of({{"quiet_period", "1h"}, {"quiet_longest", "1h"}}).empty());
  CHECK(faults_of({{"base_failure_rate", 0.05}, {"residual_share", 0.05}}) ==
        "file: /residual_share: found 0.05, not above \"base_failure_rate\", which is 0.05; allowed: more than "
        "\"base_failure_rate\"");
}
