#pragma once
// One HTTP exchange, or one bare TCP or TLS connection: what to send, what came back, how long each phase took and,
// when it failed, where. The engine (http_engine.hpp) performs it. Statuses are not judged here: a 503 is a completed
// exchange; what it means is the business of src/probe.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/units.hpp"
#include "core/result.hpp"

namespace outaged::net {

using Header = std::pair<std::string, std::string>;

/// Whether it may stand in a header's value (RFC 9110 §5.5): no line break, no other control character but the tab.
constexpr bool is_field_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

/// How far to go.
enum class Reach { tcp, tls, http };

struct HttpRequest {
  Reach reach = Reach::http;
  std::string method = "GET";
  /// http:// or https:// only, with a host name (sent as SNI and Host, checked against the certificate) or an address.
  std::string url;
  /// Numeric address to connect to, exactly one. Required unless the URL's host is numeric. The engine never resolves.
  std::string address;
  std::vector<Header> headers;
  std::string body;
  /// From the start of the request to its last byte; measured on the real clock.
  Micros timeout = std::chrono::seconds{10};
  Bytes max_headers{64ULL << 10};
  Bytes max_body{1ULL << 20};
  /// A larger answer is no failure: what comes after max_body is not read, and the connection is closed.
  bool cut_at_max_body = false;
  /// Accept compressed answers; max_body bounds the decompressed bytes.
  bool compressed = false;
};

struct HttpExchange {
  /// Why the exchange did not complete. Layers dns (never by the engine), tcp, tls, http, timeout, local.
  std::optional<Failure> failure;
  PhaseTimes phases;  ///< `dns` is zero here: the caller adds what resolving took
  std::string address;
  std::uint16_t status = 0;
  std::vector<Header> headers;  ///< names in lower case, in order of arrival
  std::string body;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::optional<WallTime> certificate_ends;
  Micros loop_lag{0};  ///< how late the engine's loop ran when the exchange began

  /// The first header of that lower-case name.
  [[nodiscard]] const std::string* header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return &value;
    }
    return nullptr;
  }
};

}  // namespace outaged::net
