#pragma once
// The gateway by which this machine reaches everything else, as Linux tells it.
#include <optional>
#include <string>
#include <string_view>

namespace outaged::net {

/// Of /proc/net/route and /proc/net/ipv6_route: the gateway of the default route with the lowest metric, of IPv4 where
/// it has one. Nothing when there is none, or one that no address names without its interface (IPv6, link-local).
std::optional<std::string> gateway_in(std::string_view ipv4_routes, std::string_view ipv6_routes);

/// That of this machine, now.
std::optional<std::string> default_gateway();

}  // namespace outaged::net
