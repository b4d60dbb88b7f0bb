#pragma once
// One connection of a simulated server: HTTP/1.1 over TLS or in the clear, and the failures that happen below or within
// HTTP. Bounded: 16 KiB of headers, 32 MiB of body (and 256 MiB over all connections of
// a port), a time for every read and write.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "outagesim/body_budget.hpp"
#include "outagesim/certificates.hpp"
#include "outagesim/fault_plan.hpp"
#include "outagesim/router.hpp"

namespace outaged::sim {

/// What a port answers, and what it can hold meanwhile.
struct HttpSide {
  std::function<Outcome(const Request&)> answer;
  BodyBudget bodies{256ULL << 20U};
};

/// What a TLS port needs besides the answers.
class TlsSide {
 public:
  /// Decides on a connection once its server name is known; a strike of layer tcp or tls.
  using OnHello = std::function<std::optional<Strike>(const std::string& server_name, AddressFamily family)>;
  TlsSide(const Certificates& certificates, OnHello on_hello);
  ~TlsSide();

  struct Contexts;
  [[nodiscard]] const Contexts& contexts() const { return *contexts_; }
  [[nodiscard]] std::optional<Strike> strike(const std::string& server_name, AddressFamily family) const {
    return on_hello_(server_name, family);
  }

 private:
  std::unique_ptr<Contexts> contexts_;
  OnHello on_hello_;
};

/// Both sides must outlive the connection.
boost::asio::awaitable<void> serve_plain(boost::asio::ip::tcp::socket socket, HttpSide* http);
boost::asio::awaitable<void> serve_tls(boost::asio::ip::tcp::socket socket, const TlsSide* tls, HttpSide* http);

/// A port where nobody speaks: holds the connection until the peer leaves.
boost::asio::awaitable<void> serve_silence(boost::asio::ip::tcp::socket socket);

}  // namespace outaged::sim
