#pragma once
// The server name in a TLS ClientHello (RFC 8446 §4.1.2, RFC 6066 §3), read before any answer, so that a fault can hit
// one host of the many behind one port.
#include <optional>
#include <string>
#include <string_view>

namespace outaged::sim {

struct ClientHello {
  enum class State {
    incomplete,  ///< more bytes are needed
    whole,
    not_tls  ///< these bytes can never become a ClientHello
  };
  State state = State::incomplete;
  std::optional<std::string> server_name;  ///< lower case
};

/// Looks at the first bytes of a connection. A hello spread over several records is put together.
ClientHello read_client_hello(std::string_view bytes);

}  // namespace outaged::sim
