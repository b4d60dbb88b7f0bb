#include "base/named_enum.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

namespace {
enum class Colour { red, dark_blue };
}  // namespace
template <>
inline constexpr auto outaged::kEnumNames<Colour> = std::to_array<std::string_view>({"red", "dark-blue"});

using namespace outaged;

TEST_CASE("an enum's names go both ways") {
  for (const Colour colour : {Colour::red, Colour::dark_blue}) CHECK(parse_enum<Colour>(to_string(colour)) == colour);
  CHECK(to_string(Colour::dark_blue) == "dark-blue");
  CHECK(enum_names<Colour>().size() == 2);
}

TEST_CASE("other names and other values are refused") {
  for (const char* name : {"", "Red", "red ", "blue"}) CHECK_FALSE(parse_enum<Colour>(name));
  CHECK_THROWS_AS((void)to_string(static_cast<Colour>(2)), std::out_of_range);
}
