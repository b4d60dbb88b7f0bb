#pragma once
// A TCP port on loopback, on 127.0.0.1 and, where this machine has it, on ::1, that can be cut and restored: while it
// is cut, connections are refused as if nothing were there, yet the port stays ours.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/expected.hpp"
#include "outagesim/address_family.hpp"

namespace outaged::sim {

class Listener {
 public:
  /// Serves one connection; its coroutine ends with it.
  using Serve = std::function<boost::asio::awaitable<void>(boost::asio::ip::tcp::socket)>;

  /// `io` must outlive the listener and be run by one thread, the one that calls everything here once it runs.
  Listener(boost::asio::io_context& io, Serve serve);

  /// Binds `port` (0: any free one) and begins to accept. The port, or why not; a machine without ::1 is no reason.
  Expected<std::uint16_t, std::string> open(std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// At every address, or at that of one family.
  void cut();
  void cut(AddressFamily family);
  void restore();
  void restore(AddressFamily family);
  /// Of the addresses that it is at.
  [[nodiscard]] std::vector<AddressFamily> families() const;

 private:
  /// The port at one address. Two sockets share it: one that never listens keeps it while the other comes and goes.
  struct Door {
    AddressFamily family;
    boost::asio::ip::tcp::endpoint endpoint;
    boost::asio::ip::tcp::socket holder;
    std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor;  ///< none while it is cut
  };
  boost::system::error_code add_door(AddressFamily family, std::uint16_t port);
  boost::system::error_code listen(Door& door);

  boost::asio::io_context& io_;
  Serve serve_;
  std::vector<Door> doors_;
  std::shared_ptr<std::size_t> connections_ = std::make_shared<std::size_t>(0);
  std::uint16_t port_ = 0;
};

}  // namespace outaged::sim
