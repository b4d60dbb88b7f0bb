#include "base/number.hpp"

#include <cstdint>

#include <doctest/doctest.h>

using namespace outaged;

TEST_CASE("a number is the whole text or it is none") {
  CHECK(parse_number<int>("-17") == -17);
  CHECK(parse_number<std::uint64_t>("ff", 16) == 255);
  for (const char* text : {"", " 1", "1 ", "+1", "1.5", "x", "12x", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number<std::int64_t>(text).has_value());
  }
  CHECK_FALSE(parse_number<std::uint16_t>("65536").has_value());
  CHECK_FALSE(parse_number<unsigned>("-1").has_value());
}
