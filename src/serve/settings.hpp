#pragma once
// Configuration section "serve": where the daemon listens.
#include <optional>
#include <string>

#include "base/json/shape.hpp"
#include "base/secret_reference.hpp"

namespace outaged::serve {

struct Settings {
  /// "address:port" for HTTP; port 0 lets the system choose; empty: no TCP.
  std::string listen = "127.0.0.1:8460";
  /// Path of the Unix socket; empty: the program's default (config/paths.hpp).
  std::string socket;
  /// The secret that lets a request over TCP change something; none: only the Unix socket does.
  std::optional<SecretReference> admin_token;
  /// The secret that signs the links by which a message can be acknowledged; none: no such links.
  std::optional<SecretReference> link_key;
};

const json::Shape<Settings>& settings_shape();

/// A numeric address and a port.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};
/// "127.0.0.1:8460" or "[::1]:8460".
std::optional<Endpoint> parse_endpoint(std::string_view text);

}  // namespace outaged::serve
