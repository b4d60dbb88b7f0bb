#include "outagesim/listener.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace outaged::sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::size_t kMaxConnections = 1024;
constexpr auto kAccepted = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> serve_counted(Listener::Serve serve, tcp::socket socket, std::shared_ptr<std::size_t> count) {
  ++*count;
  auto session = serve(std::move(socket));
  co_await std::move(session);
  --*count;
}

asio::awaitable<void> accept_connections(std::shared_ptr<tcp::acceptor> acceptor, Listener::Serve serve,
                                         std::shared_ptr<std::size_t> count) {
  const auto executor = acceptor->get_executor();
  while (acceptor->is_open()) {
    auto [error, socket] = co_await acceptor->async_accept(kAccepted);
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
    if (error || *count >= kMaxConnections) {
      // Out of descriptors, or too many clients: a pause keeps this loop calm.
      asio::steady_timer pause(executor, 20ms);
      socket.close();
      const auto [ignored] = co_await pause.async_wait(kAccepted);
      if (ignored) break;
      continue;
    }
    // Heads and bodies are written apart; Nagle's algorithm would hold the second back for 40 ms.
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto session = serve_counted(serve, std::move(socket), count);
    asio::co_spawn(executor, std::move(session), asio::detached);
  }
}

}  // namespace

Listener::Listener(asio::io_context& io, Serve serve) : io_(io), serve_(std::move(serve)), holder_(io) {}

Expected<std::uint16_t, std::string> Listener::open(std::uint16_t port) {
  // Two sockets share the port: one that never listens keeps it while the other comes and goes.
  boost::system::error_code error;
  holder_.open(tcp::v4(), error);
  if (!error) holder_.set_option(tcp::socket::reuse_address(true), error);
  if (!error) holder_.bind({asio::ip::address_v4::loopback(), port}, error);
  if (!error) port_ = holder_.local_endpoint().port();
  if (!error) error = listen();
  if (error) {
    boost::system::error_code ignored;
    holder_.close(ignored);
    return Unexpected{"cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + error.message()};
  }
  return port_;
}

boost::system::error_code Listener::listen() {
  boost::system::error_code error;
  auto acceptor = std::make_shared<tcp::acceptor>(io_);
  acceptor->open(tcp::v4(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind({asio::ip::address_v4::loopback(), port_}, error);
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) return error;
  acceptor_ = std::move(acceptor);
  auto loop = accept_connections(acceptor_, serve_, connections_);
  asio::co_spawn(io_, std::move(loop), asio::detached);
  return error;
}

void Listener::cut() {
  if (cut_ || !acceptor_) return;
  boost::system::error_code ignored;
  acceptor_->close(ignored);
  acceptor_.reset();
  cut_ = true;
}

void Listener::restore() {
  if (!cut_) return;
  // The holder kept the port, so only a lack of descriptors could prevent this; then it stays cut.
  cut_ = static_cast<bool>(listen());
}

}  // namespace outaged::sim
