#pragma once
// Identities: components, probes, incidents. Each is a type of its own, so that none is taken for another.
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace outaged {

/// platform × function, written "whatsapp/media-upload". Both parts: lower-case letters, digits and inner hyphens.
struct ComponentId {
  std::string platform;
  std::string function;
  auto operator<=>(const ComponentId&) const = default;
};
std::optional<ComponentId> parse_component(std::string_view text);
std::string to_string(const ComponentId& component);

/// The platform of probes that judge our own network, and of the user's own sites.
inline constexpr std::string_view kControlPlatform = "control";
inline constexpr std::string_view kOwnPlatform = "own";
/// The component of the probe that asks our own gateway.
inline const ComponentId kGateway{std::string{kControlPlatform}, "gateway"};
/// The platform of probes that read what vendors say of themselves.
inline constexpr std::string_view kVendorPlatform = "vendor";

/// Whether components of this platform are what users use. The others tell of our own network, and of vendors' words.
constexpr bool is_of_users(std::string_view platform) {
  return platform != kControlPlatform && platform != kVendorPlatform;
}

/// A probe's name: lower-case letters, digits, inner hyphens and dots; unique in a catalog.
struct ProbeId {
  std::string name;
  auto operator<=>(const ProbeId&) const = default;
};
std::optional<ProbeId> parse_probe_id(std::string_view text);

/// An incident's number: from 1 upwards, never used twice, the same in database, API and messages.
struct IncidentId {
  std::int64_t number = 0;
  auto operator<=>(const IncidentId&) const = default;
};

}  // namespace outaged

template <>
struct std::hash<outaged::ComponentId> {
  std::size_t operator()(const outaged::ComponentId& id) const noexcept {
    return std::hash<std::string>{}(id.platform) * 31 + std::hash<std::string>{}(id.function);
  }
};
template <>
struct std::hash<outaged::ProbeId> {
  std::size_t operator()(const outaged::ProbeId& id) const noexcept { return std::hash<std::string>{}(id.name); }
};
