#pragma once
// A server on loopback that does to each connection what it is told: the ways in which real servers misbehave. On a
// thread of its own; TLS when it is given a certificate.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/certificate.hpp"

namespace outaged::test {

struct Script {
  bool read_request = true;             ///< up to the empty line, and a body as long as Content-Length says
  bool read_first = false;              ///< instead: whatever comes first
  bool read_body = true;                ///< false: leaves the body in the socket
  std::string reply = {};               ///< sent as it is
  std::vector<std::string> first = {};  ///< instead, one each to the first ones who ask
  bool endless = false;                 ///< sends `reply` again and again, until the peer has enough
  enum class End { close, reset, stay } end = End::close;
  bool silent_tls = false;            ///< accepts and never answers the handshake
  std::string address = "127.0.0.1";  ///< to listen on
};

class ScriptedServer {
 public:
  explicit ScriptedServer(Script script, std::optional<CertificatePem> certificate = std::nullopt);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Connections accepted so far, and the most that were open at once.
  [[nodiscard]] int connections() const;
  [[nodiscard]] int most_open() const;
  /// The last request that was read, as it came.
  [[nodiscard]] std::string last_request() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// "HTTP/1.1 200 OK" with this body.
std::string http_ok(const std::string& body, const std::string& headers = {});

}  // namespace outaged::test
