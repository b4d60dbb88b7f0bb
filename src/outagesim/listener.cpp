#include "outagesim/listener.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace outaged::sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::size_t kMaxConnections = 1024;
constexpr int kAttempts = 8;
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

asio::ip::address loopback(AddressFamily family) {
  if (family == AddressFamily::ipv6) return asio::ip::address_v6::loopback();
  return asio::ip::address_v4::loopback();
}

}  // namespace

Listener::Listener(asio::io_context& io, Serve serve) : io_(io), serve_(std::move(serve)) {}

Expected<std::uint16_t, std::string> Listener::open(std::uint16_t port) {
  for (int attempt = 1;; ++attempt) {
    doors_.clear();
    if (const auto error = add_door(AddressFamily::ipv4, port))
      return Unexpected{"cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + error.message()};
    port_ = doors_.front().endpoint.port();
    const auto error = add_door(AddressFamily::ipv6, port_);
    // Somebody else has this port there; of any free ones, another will do.
    if (error != asio::error::address_in_use || port != 0 || attempt == kAttempts) return port_;
  }
}

boost::system::error_code Listener::add_door(AddressFamily family, std::uint16_t port) {
  Door door{family, {loopback(family), port}, tcp::socket(io_), nullptr};
  boost::system::error_code error;
  door.holder.open(door.endpoint.protocol(), error);
  if (!error) door.holder.set_option(tcp::socket::reuse_address(true), error);
  if (!error) door.holder.bind(door.endpoint, error);
  if (!error) door.endpoint = door.holder.local_endpoint(error);
  if (!error) error = listen(door);
  if (!error) doors_.push_back(std::move(door));
  return error;
}

boost::system::error_code Listener::listen(Door& door) {
  boost::system::error_code error;
  auto acceptor = std::make_shared<tcp::acceptor>(io_);
  acceptor->open(door.endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(door.endpoint, error);
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) return error;
  door.acceptor = std::move(acceptor);
  auto loop = accept_connections(door.acceptor, serve_, connections_);
  asio::co_spawn(io_, std::move(loop), asio::detached);
  return error;
}

void Listener::cut() {
  for (const AddressFamily family : families()) cut(family);
}

void Listener::cut(AddressFamily family) {
  for (Door& door : doors_) {
    if (door.family != family || !door.acceptor) continue;
    boost::system::error_code ignored;
    door.acceptor->close(ignored);
    door.acceptor.reset();
  }
}

void Listener::restore() {
  for (const AddressFamily family : families()) restore(family);
}

void Listener::restore(AddressFamily family) {
  for (Door& door : doors_) {
    if (door.family != family || door.acceptor) continue;
    // The holder kept the port, so only a lack of descriptors could prevent this; then it stays cut.
    if (const auto error = listen(door))
      log::warn("a port of the simulator stays cut", {{"port", port_}, {"reason", error.message()}});
  }
}

std::vector<AddressFamily> Listener::families() const {
  std::vector<AddressFamily> out;
  for (const Door& door : doors_) out.push_back(door.family);
  return out;
}

}  // namespace outaged::sim
