#pragma once
// A TCP port on loopback that can be cut and restored: while it is cut, connections are refused as if nothing were
// there, yet the port stays ours.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/expected.hpp"

namespace outaged::sim {

class Listener {
 public:
  /// Serves one connection; its coroutine ends with it.
  using Serve = std::function<boost::asio::awaitable<void>(boost::asio::ip::tcp::socket)>;

  /// `io` must outlive the listener and be run by one thread, the one that calls everything here once it runs.
  Listener(boost::asio::io_context& io, Serve serve);

  /// Binds 127.0.0.1:`port` (0: any free one) and begins to accept. The port, or why not.
  Expected<std::uint16_t, std::string> open(std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  void cut();
  void restore();
  [[nodiscard]] bool is_cut() const { return cut_; }

 private:
  boost::system::error_code listen();

  boost::asio::io_context& io_;
  Serve serve_;
  boost::asio::ip::tcp::socket holder_;
  std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor_;
  std::shared_ptr<std::size_t> connections_ = std::make_shared<std::size_t>(0);
  std::uint16_t port_ = 0;
  bool cut_ = false;
};

}  // namespace outaged::sim
