#pragma once
// What a platform's owner says of it on a status page, as values: read by probes, compared with what the probes of the
// platform find, never mixed with it.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/named_enum.hpp"

namespace outaged {

enum class VendorState {
  fine,
  maintenance,
  degraded,
  outage,
  unclear  ///< said in words that we do not know
};

/// One line of a status page. All texts are printable and short; they are the vendor's, not ours.
struct VendorClaim {
  std::string subject;                 ///< what it is about: "WhatsApp Business API: Cloud API"
  std::vector<std::string> platforms;  ///< ours that it concerns
  VendorState state = VendorState::unclear;
  std::string words;              ///< how the vendor puts it: "Medium disruptions"
  std::optional<WallTime> since;  ///< where the vendor says it
  bool operator==(const VendorClaim&) const = default;
};

/// Whether the vendor admits trouble.
constexpr bool is_trouble(VendorState state) {
  return state == VendorState::degraded || state == VendorState::outage;
}

template <>
inline constexpr auto kEnumNames<VendorState> = std::to_array<std::string_view>({"fine", "maintenance", "degraded",
                                                                                 "outage", "unclear"});

}  // namespace outaged
