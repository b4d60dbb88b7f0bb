#include "incident/settings.hpp"

#include <doctest/doctest.h>

using namespace outaged;

TEST_CASE("the incidents section reads back what it writes") {
  const auto& shape = incident::settings_shape();
  incident::Settings settings;
  settings.hold = std::chrono::seconds{5};
  settings.owners["threads"] = "Meta";
  json::Faults faults;
  const auto again = shape.read(shape.write(settings), json::Cursor{"file", faults});
  CHECK(faults.empty());
  REQUIRE(again);
  CHECK(*again == settings);
}
