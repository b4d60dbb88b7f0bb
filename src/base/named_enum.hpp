#pragma once
// One pair to_string / parse_enum for every enum class, from one table of names beside the enum:
//
//   enum class Tier { open, authenticated };
//   template <> inline constexpr auto kEnumNames<Tier> = std::to_array<std::string_view>({"public", "authenticated"});
//
// The enumerators must count from 0 without gaps, in the table's order. Database, JSON and text all use these names.
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace outaged {

template <class E>
inline constexpr auto kEnumNames = nullptr;

template <class E>
concept NamedEnum = requires {
  kEnumNames<E>.size();
};

template <NamedEnum E>
constexpr std::string_view to_string(E value) {
  return kEnumNames<E>.at(static_cast<std::size_t>(value));
}

template <NamedEnum E>
constexpr std::optional<E> parse_enum(std::string_view name) {
  for (std::size_t i = 0; i < kEnumNames<E>.size(); ++i) {
    if (kEnumNames<E>[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

template <NamedEnum E>
constexpr std::span<const std::string_view> enum_names() {
  return kEnumNames<E>;
}

}  // namespace outaged
