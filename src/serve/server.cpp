#include "serve/server.hpp"

#include <cerrno>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "serve/session.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using local = asio::local::stream_protocol;
using namespace std::chrono_literals;

/// Clients of the Unix socket are counted apart, so that nobody shuts the operator out.
constexpr std::size_t kMostOverSocket = 64;

Peer peer_of(const local::socket& socket) {
  // native_handle() is not const, but asking a socket for its peer changes nothing.
  return peer_of_socket(const_cast<local::socket&>(socket).native_handle());
}
Peer peer_of(const tcp::socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return {error ? std::string{} : endpoint.address().to_string(), false, "", false};
}

void prepare(local::socket&) {}
/// Answers are written whole: waiting for more to send would only delay them.
void prepare(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
}

template <class Acceptor>
asio::awaitable<void> accept_connections(Acceptor* acceptor, const std::vector<Route>* routes, Connections* connections,
                                         Bounds bounds, Now now) {
  using Protocol = typename Acceptor::protocol_type;
  const auto executor = acceptor->get_executor();
  while (acceptor->is_open()) {
    auto [error, socket] = co_await acceptor->async_accept(session::kToken);
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
    if (error || !connections->make_room()) {
      // Out of descriptors, or too many clients: the connection (if any) is dropped, and a pause keeps this loop calm.
      asio::steady_timer pause(executor, 50ms);
      socket.close();
      const auto [ignored] = co_await pause.async_wait(session::kToken);
      if (ignored) break;
      continue;
    }
    Peer peer = peer_of(socket);
    prepare(socket);
    beast::basic_stream<Protocol> stream(std::move(socket));
    auto conversation = session::serve(std::move(stream), std::move(peer), routes, connections, bounds, now);
    asio::co_spawn(executor, std::move(conversation), asio::detached);
  }
}

/// A socket file that nobody answers on is left over from a daemon that was killed.
Expected<bool, std::string> remove_stale_socket(asio::io_context& io, const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return true;
  if (!S_ISSOCK(info.st_mode)) return Unexpected{path + " exists and is not a socket"};
  local::socket probe(io);
  boost::system::error_code error;
  probe.connect(local::endpoint(path), error);
  if (!error) return Unexpected{"another daemon answers on " + path};
  if (::unlink(path.c_str()) != 0) return Unexpected{path + " is left over from a dead daemon and cannot be removed"};
  return true;
}

/// The acceptor owns what it listens on; the one who handed it down goes on using it.
int duplicate(int descriptor, boost::system::error_code& error) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) error.assign(errno, boost::system::system_category());
  return copy;
}

bool is_ipv6(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0 && address.ss_family == AF_INET6;
}

std::string address_of(const tcp::endpoint& bound) {
  const auto text = bound.address().to_string();
  return "http://" + (bound.address().is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(bound.port());
}

}  // namespace

struct Server::Impl {
  Impl(Settings s, Now n, const Bounds& b) : settings(std::move(s)), now(std::move(n)), bounds(b) {}

  Expected<std::string, std::string> listen_tcp(int inherited) {
    boost::system::error_code error;
    if (inherited >= 0) {
      const int copy = duplicate(inherited, error);
      if (!error) tcp_acceptor.assign(is_ipv6(copy) ? tcp::v6() : tcp::v4(), copy, error);
      if (error) return Unexpected{"the inherited socket cannot be used: " + error.message()};
      return address_of(tcp_acceptor.local_endpoint());
    }
    const auto endpoint = parse_endpoint(settings.listen);
    if (!endpoint) return Unexpected{"serve.listen is not an address: " + settings.listen};
    const tcp::endpoint where(asio::ip::make_address(endpoint->address), endpoint->port);
    tcp_acceptor.open(where.protocol(), error);
    if (!error) tcp_acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) tcp_acceptor.bind(where, error);
    if (!error) tcp_acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
      return Unexpected{"cannot listen on " + settings.listen +
                        " (serve.listen): the port is in use, perhaps by another outaged"};
    if (error) return Unexpected{"cannot listen on " + settings.listen + " (serve.listen): " + error.message()};
    return address_of(tcp_acceptor.local_endpoint());
  }

  Expected<std::string, std::string> listen_local(int inherited) {
    boost::system::error_code error;
    if (inherited >= 0) {
      // Its file belongs to whoever made it.
      const int copy = duplicate(inherited, error);
      if (!error) local_acceptor.assign(local(), copy, error);
      if (error) return Unexpected{"the inherited socket cannot be used: " + error.message()};
      return "unix:" + local_acceptor.local_endpoint().path();
    }
    auto free = remove_stale_socket(io, settings.socket);
    if (!free) return Unexpected{std::move(free).error()};
    try {
      const local::endpoint where(settings.socket);
      local_acceptor.open(where.protocol(), error);
      // Only the daemon's user may connect; the mask is back before anything else is created.
      const mode_t before = ::umask(0177);
      if (!error) local_acceptor.bind(where, error);
      ::umask(before);
    } catch (const boost::system::system_error& too_long) {
      error = too_long.code();
    }
    if (!error) local_acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Unexpected{"cannot listen on " + settings.socket + ": " + error.message()};
    bound_socket = settings.socket;
    return "unix:" + settings.socket;
  }

  Settings settings;
  Now now;
  Bounds bounds;
  // Before `io`, whose destruction ends the connections that use them.
  Connections over_tcp{bounds.tcp_clients};
  Connections over_socket{kMostOverSocket};
  std::vector<Route> routes;
  asio::io_context io{1};
  tcp::acceptor tcp_acceptor{io};
  local::acceptor local_acceptor{io};
  std::string bound_socket;
  std::thread thread;
};

Server::Server(Settings settings, const Routes& routes, Now now, const Bounds& bounds)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(now), bounds)) {
  impl_->routes = routes(impl_->io.get_executor());
}

Server::~Server() {
  stop();
  // What the routes own waits on `io`, which must still be there to be told that it ends.
  impl_->routes.clear();
}

Expected<std::vector<std::string>, std::string> Server::start(const Inherited& inherited) {
  auto& impl = *impl_;
  std::vector<std::string> addresses;
  if (!impl.settings.listen.empty() || inherited.tcp >= 0) {
    auto bound = impl.listen_tcp(inherited.tcp);
    if (!bound) return Unexpected{std::move(bound).error()};
    addresses.push_back(std::move(*bound));
    auto loop = accept_connections(&impl.tcp_acceptor, &impl.routes, &impl.over_tcp, impl.bounds, impl.now);
    asio::co_spawn(impl.io, std::move(loop), asio::detached);
  }
  if (!impl.settings.socket.empty() || inherited.local >= 0) {
    auto bound = impl.listen_local(inherited.local);
    if (!bound) return Unexpected{std::move(bound).error()};
    addresses.push_back(std::move(*bound));
    auto loop = accept_connections(&impl.local_acceptor, &impl.routes, &impl.over_socket, impl.bounds, impl.now);
    asio::co_spawn(impl.io, std::move(loop), asio::detached);
  }
  impl.thread = std::thread([&impl] {
    auto guard = asio::make_work_guard(impl.io);
    for (;;) {
      try {
        impl.io.run();
        return;
      } catch (const std::exception& error) {
        log::error("server loop", {{"reason", error.what()}});
      }
    }
  });
  return addresses;
}

void Server::stop() {
  auto& impl = *impl_;
  if (!impl.thread.joinable()) return;
  impl.io.stop();
  impl.thread.join();
  if (!impl.bound_socket.empty()) ::unlink(impl.bound_socket.c_str());
  impl.bound_socket.clear();
}

}  // namespace outaged::serve
