#pragma once
// A fault that the simulator plays: what it hits (platforms, functions or named hosts), how (layer and shape), and how
// often (share). Written and read as JSON by the control API; the phases of an incident file become faults too.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json/shape.hpp"
#include "base/named_enum.hpp"
#include "outagesim/address_family.hpp"

namespace outaged::sim {

enum class FaultLayer {
  dns,              ///< names do not resolve
  tcp,              ///< the connection is reset, or accepted and left alone
  tls,              ///< the handshake fails
  http_5xx,         ///< the edge answers itself, without the application
  api,              ///< an error envelope of the application
  partial_content,  ///< bytes are missing
  timeout,          ///< no answer
  stall,            ///< the answer stops in the middle
  slow,             ///< the answer comes late, but whole
  blocked,          ///< we are turned away: log-in wall, captcha, 429
  auth              ///< log-in and sessions fail
};

struct Fault {
  std::int64_t id = 0;                  ///< given by the FaultPlan
  std::vector<std::string> platforms;   ///< empty: all three
  std::vector<std::string> functions;   ///< empty: all
  std::vector<std::string> hosts;       ///< when given, only requests to these names
  std::optional<AddressFamily> family;  ///< when given, only over this (a name's addresses of it, for dns)
  FaultLayer layer = FaultLayer::http_5xx;
  /// A way within the layer (fault.cpp lists them); empty for the layer's usual one.
  std::string shape;
  double share = 1.0;           ///< of requests or connections, 0 … 1
  double latency_factor = 1.0;  ///< on the time to answer of everything that it covers, failing or not
  Micros latency{0};            ///< added to that time
  std::int64_t code = 2;        ///< error.code of layer api
  bool operator==(const Fault&) const = default;
};

/// Accepts "platform"/"function" for one and "platforms"/"functions" for several, and "share" or "failure_ratio".
const json::Shape<Fault>& fault_shape();
const json::Shape<std::vector<Fault>>& faults_shape();

/// The layer's name in an incident file: ours, or "login", "partial".
std::optional<FaultLayer> parse_layer(std::string_view name);

/// The ways to fail within a layer; the first is the usual one.
std::vector<std::string> shapes_of(FaultLayer layer);

}  // namespace outaged::sim

namespace outaged {
template <>
inline constexpr auto kEnumNames<sim::FaultLayer> = std::to_array<std::string_view>(
    {"dns", "tcp", "tls", "http_5xx", "api", "partial_content", "timeout", "stall", "slow", "blocked", "auth"});
}  // namespace outaged
