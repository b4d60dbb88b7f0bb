#include "net/gateway.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <sstream>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "base/file.hpp"
#include "base/number.hpp"

namespace outaged::net {
namespace {

namespace ip = boost::asio::ip;
/// Of <linux/route.h>: usable, and by a gateway.
constexpr std::uint32_t kUpByGateway = 0x1 | 0x2;

struct Route {
  std::uint32_t metric = 0;
  std::string gateway;
};

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream words(line);
  return {std::istream_iterator<std::string>(words), {}};
}

/// Iface Destination Gateway Flags RefCnt Use Metric Mask …; addresses in hexadecimal as they lie in memory.
std::optional<Route> ipv4_default(const std::vector<std::string>& words) {
  if (words.size() < 8 || words[1] != "00000000" || words[7] != "00000000") return std::nullopt;
  const auto gateway = parse_number<std::uint32_t>(words[2], 16);
  const auto flags = parse_number<std::uint32_t>(words[3], 16);
  const auto metric = parse_number<std::uint32_t>(words[6]);
  if (!gateway || !flags || !metric || (*flags & kUpByGateway) != kUpByGateway) return std::nullopt;
  ip::address_v4::bytes_type bytes;
  std::ranges::copy(std::bit_cast<std::array<unsigned char, 4>>(*gateway), bytes.begin());
  return Route{*metric, ip::address_v4(bytes).to_string()};
}

/// Destination, its length, source, its length, gateway, metric, references, use, flags, interface; all hexadecimal.
std::optional<Route> ipv6_default(const std::vector<std::string>& words) {
  if (words.size() < 10 || words[1] != "00" || words[4].size() != 32) return std::nullopt;
  const auto metric = parse_number<std::uint32_t>(words[5], 16);
  const auto flags = parse_number<std::uint32_t>(words[8], 16);
  if (!metric || !flags || (*flags & kUpByGateway) != kUpByGateway) return std::nullopt;
  ip::address_v6::bytes_type bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = parse_number<std::uint8_t>(std::string_view(words[4]).substr(2 * i, 2), 16);
    if (!byte) return std::nullopt;
    bytes[i] = *byte;
  }
  const ip::address_v6 gateway(bytes);
  if (gateway.is_unspecified() || gateway.is_link_local()) return std::nullopt;
  return Route{*metric, gateway.to_string()};
}

std::optional<std::string> best(std::string_view routes,
                                std::optional<Route> (*default_of)(const std::vector<std::string>&)) {
  std::optional<Route> found;
  std::istringstream lines{std::string{routes}};
  for (std::string line; std::getline(lines, line);) {
    const auto route = default_of(words_of(line));
    if (route && (!found || route->metric < found->metric)) found = route;
  }
  return found ? std::optional(found->gateway) : std::nullopt;
}

}  // namespace

std::optional<std::string> gateway_in(std::string_view ipv4_routes, std::string_view ipv6_routes) {
  const auto ipv4 = best(ipv4_routes, &ipv4_default);
  return ipv4 ? ipv4 : best(ipv6_routes, &ipv6_default);
}

std::optional<std::string> default_gateway() {
  constexpr Bytes kMost{1ULL << 20};
  const auto ipv4 = read_file("/proc/net/route", kMost);
  const auto ipv6 = read_file("/proc/net/ipv6_route", kMost);
  return gateway_in(ipv4 ? *ipv4 : "", ipv6 ? *ipv6 : "");
}

}  // namespace outaged::net
