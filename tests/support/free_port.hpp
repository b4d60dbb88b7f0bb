#pragma once
// A TCP port of loopback that was free a moment ago, for programs that cannot choose one themselves.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace outaged::test {

inline int free_port() {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  return tcp::acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)).local_endpoint().port();
}

}  // namespace outaged::test
