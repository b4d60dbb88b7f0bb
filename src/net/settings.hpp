#pragma once
// Configuration section "network".
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json/shape.hpp"

namespace outaged::net {

enum class IpFamily { any, v4, v6 };

/// What may be asked of the targets of one owner per hour; 0: no bound.
struct OwnerBudget {
  std::int64_t requests = 6000;
  Bytes bytes{512ULL << 20};
  bool operator==(const OwnerBudget&) const = default;
};

struct Settings {
  std::int64_t concurrency = 4096;  ///< requests under way at once; further ones wait
  std::int64_t handshakes = 64;     ///< connections being set up at once
  std::vector<std::string> dns;     ///< "ip" or "ip:port"; empty: those of /etc/resolv.conf
  IpFamily ip = IpFamily::any;      ///< of what does not say its own; any: IPv4 where it leads somewhere, else IPv6
  std::string ca_file;              ///< PEM; empty: the system's bundle
  OwnerBudget budget;               ///< of each owner
  std::map<std::string, OwnerBudget> budgets;  ///< of those that have another one; by platform
  std::string user_agent = "outaged/0.1 (outage monitor)";
  std::string contact;  ///< an e-mail address or a web address; empty: none
};

/// How probes introduce themselves: the user agent, with the contact where there is one.
std::string introduction(const Settings& settings);

const json::Shape<Settings>& settings_shape();

/// A numeric address, and a port when one was given.
struct ServerAddress {
  std::string address;
  std::optional<std::uint16_t> port;
};
/// "9.9.9.9", "9.9.9.9:53", "2620:fe::fe", "[2620:fe::fe]:53".
std::optional<ServerAddress> parse_server(std::string_view text);

/// An IPv4 or IPv6 address in numbers, without brackets or port.
bool is_numeric_address(const std::string& address);

/// Raises this process' limit of open descriptors to what the system allows; the limit that holds now.
std::size_t raise_descriptor_limit();

}  // namespace outaged::net

namespace outaged {
template <>
inline constexpr auto kEnumNames<net::IpFamily> = std::to_array<std::string_view>({"any", "4", "6"});
}  // namespace outaged
