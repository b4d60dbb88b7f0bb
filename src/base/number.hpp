#pragma once
// Numbers in text that somebody else has written.
#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace outaged {

/// The whole text as a number, without blanks or a plus sign; nothing when it is none, or too large for the type.
template <std::integral Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace outaged
