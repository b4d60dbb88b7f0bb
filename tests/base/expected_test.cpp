#include "base/expected.hpp"

#include <memory>
#include <string>

#include <doctest/doctest.h>

using outaged::Expected;
using outaged::Unexpected;

TEST_CASE("an Expected holds a value or an error and never both") {
  Expected<int, std::string> good = 3;
  Expected<int, std::string> bad = Unexpected{"why"};
  CHECK(good);
  CHECK(*good == 3);
  CHECK_FALSE(bad);
  CHECK(bad.error() == "why");
  CHECK(bad.value_or(7) == 7);
  CHECK(good.value_or(7) == 3);
  CHECK_THROWS_AS((void)bad.value(), std::bad_variant_access);
  CHECK_THROWS_AS((void)good.error(), std::bad_variant_access);
}

TEST_CASE("value and error may be of one type") {
  const Expected<std::string, std::string> bad = Unexpected{std::string{"x"}};
  CHECK_FALSE(bad.has_value());
}

TEST_CASE("a value that only moves can be taken out") {
  Expected<std::unique_ptr<int>, std::string> holder = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = *std::move(holder);
  CHECK(*taken == 5);
}
