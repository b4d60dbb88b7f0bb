#include "outagesim/client_hello.hpp"

#include <cstdint>

#include "base/encoding.hpp"

namespace outaged::sim {
namespace {

constexpr std::uint8_t kHandshakeRecord = 22;
constexpr std::uint8_t kClientHello = 1;
constexpr std::size_t kMaxHello = 1U << 14U;

/// Takes numbers and pieces from the front; once too short, everything it gives is empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  std::size_t number(std::size_t width) {
    std::size_t value = 0;
    for (const char c : take(width)) value = value << 8U | static_cast<std::uint8_t>(c);
    return value;
  }
  std::string_view take(std::size_t count) {
    if (count > bytes_.size()) {
      ok_ = false;
      bytes_ = {};
      return {};
    }
    const auto piece = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return piece;
  }
  std::string_view vector(std::size_t width) { return take(number(width)); }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

std::optional<std::string> server_name(std::string_view hello) {
  Reader body(hello);
  body.take(2 + 32);  // legacy_version, random
  body.vector(1);     // legacy_session_id
  body.vector(2);     // cipher_suites
  body.vector(1);     // legacy_compression_methods
  Reader extensions(body.vector(2));
  while (body.ok() && extensions.ok() && !extensions.empty()) {
    const auto type = extensions.number(2);
    Reader content(extensions.vector(2));
    if (type != 0) continue;
    Reader names(content.vector(2));
    while (names.ok() && !names.empty()) {
      const auto kind = names.number(1);
      const auto name = names.vector(2);
      if (kind != 0 || !names.ok() || name.empty()) continue;
      return lower_case(name);
    }
  }
  return std::nullopt;
}

}  // namespace

ClientHello read_client_hello(std::string_view bytes) {
  std::string message;
  Reader records(bytes);
  while (!records.empty()) {
    if (records.number(1) != kHandshakeRecord) return {ClientHello::State::not_tls, {}};
    records.number(2);  // legacy_record_version
    const auto fragment = records.vector(2);
    if (!records.ok()) return {};
    message += fragment;
    if (message.size() > kMaxHello || (!message.empty() && message.front() != kClientHello))
      return {ClientHello::State::not_tls, {}};
    Reader handshake(message);
    handshake.number(1);
    const auto hello = handshake.vector(3);
    if (handshake.ok()) return {ClientHello::State::whole, server_name(hello)};
  }
  return {};
}

}  // namespace outaged::sim
