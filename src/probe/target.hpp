#pragma once
// Hosts, ports and schemes out of addresses. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace outaged::probe {

struct Target {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< without brackets
  std::uint16_t port = 0;
};

/// Of an http or https address, or of "host:port" (scheme "http"). Nothing for anything else.
std::optional<Target> parse_target(std::string_view text);

/// "scheme://host:port" with brackets where needed.
std::string origin_of(const Target& target);

/// Whether two addresses have scheme, host and port in common (RFC 6454 §5); never, when one is no address.
bool same_origin(const std::string& one, const std::string& other);

/// The host of an address, "host:port" or a bare name.
std::string host_of(const std::string& text);

/// The address that a Location header means, seen from `base` (RFC 3986 §5, as libcurl reads it). Nothing when it is
/// malformed or neither http nor https.
std::optional<std::string> follow_location(const std::string& base, const std::string& location);

/// Loopback, private, link-local or otherwise not on the public internet (RFC 6890); also unparsable text.
bool is_internal_address(const std::string& address);

}  // namespace outaged::probe
