#pragma once
// The two kinds of addresses that a simulated host has; a fault can be of one of them alone.
#include <array>
#include <string_view>

#include "base/named_enum.hpp"

namespace outaged::sim {

enum class AddressFamily { ipv4, ipv6 };

}  // namespace outaged::sim

namespace outaged {
template <>
inline constexpr auto kEnumNames<sim::AddressFamily> = std::to_array<std::string_view>({"ipv4", "ipv6"});
}  // namespace outaged
