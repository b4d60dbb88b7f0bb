#include "serve/server.hpp"

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
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"

namespace outaged::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using local = asio::local::stream_protocol;
using namespace std::chrono_literals;

constexpr std::size_t kMaxConnections = 256;
constexpr std::uint32_t kMaxHeader = 16 * 1024;
constexpr std::uint64_t kMaxBody = 64ULL * 1024;
constexpr auto kReadTime = 30s;
constexpr auto kWriteTime = 30s;
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

/// Counts a connection for as long as it lives.
class Slot {
 public:
  explicit Slot(std::size_t& count) : count_(&count) { ++*count_; }
  Slot(Slot&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  Slot& operator=(Slot&&) = delete;
  ~Slot() {
    if (count_ != nullptr) --*count_;
  }

 private:
  std::size_t* count_;
};

http::response<http::string_body> to_beast(const Response& response, unsigned version, bool keep_alive, bool head) {
  http::response<http::string_body> out{static_cast<http::status>(response.status), version};
  out.set(http::field::server, "outaged");
  out.set(http::field::content_type, response.content_type);
  out.set(http::field::cache_control, "no-store");
  out.set("X-Content-Type-Options", "nosniff");
  out.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  out.set("Referrer-Policy", "no-referrer");
  out.keep_alive(keep_alive);
  if (head) {
    out.content_length(response.body.size());
  } else {
    out.body() = response.body;
    out.prepare_payload();
  }
  return out;
}

/// Requests of one connection, one after the other, until the peer leaves or a bound is reached.
template <class Stream>
asio::awaitable<void> serve_connection(Stream stream, bool privileged, const std::vector<Route>* routes,
                                       [[maybe_unused]] Slot slot) {
  beast::flat_buffer buffer;
  for (bool keep_alive = true; keep_alive;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kMaxHeader);
    parser.body_limit(kMaxBody);
    stream.expires_after(kReadTime);
    const auto [read_error, read_size] = co_await http::async_read(stream, buffer, parser, kToken);
    Request request;
    Response response;
    unsigned version = 11;
    if (read_error == http::error::body_limit || read_error == http::error::header_limit) {
      response = problem(413, "Too large", "A request may have 16 KiB of headers and 64 KiB of body.");
      keep_alive = false;
    } else if (read_error && read_error.category() == http::make_error_code(http::error::bad_method).category() &&
               read_error != http::error::end_of_stream && read_error != http::error::partial_message) {
      response = problem(400, "Malformed request");
      keep_alive = false;
    } else if (read_error) {
      break;
    } else {
      const auto& message = parser.get();
      version = message.version();
      keep_alive = message.keep_alive();
      request.method = std::string{message.method_string()};
      request.body = message.body();
      request.privileged = privileged;
      if (parse_target(std::string_view{message.target().data(), message.target().size()}, request)) {
        Response answered = co_await dispatch(routes, request);
        response = std::move(answered);
      } else {
        response = problem(400, "Malformed address");
      }
    }
    auto reply = to_beast(response, version, keep_alive, request.method == "HEAD");
    http::response_serializer<http::string_body> serializer{reply};
    serializer.split(request.method == "HEAD");
    stream.expires_after(kWriteTime);
    if (request.method == "HEAD") {
      const auto [error, size] = co_await http::async_write_header(stream, serializer, kToken);
      if (error) break;
    } else {
      const auto [error, size] = co_await http::async_write(stream, serializer, kToken);
      if (error) break;
    }
  }
  stream.close();
}

/// True when the peer of a Unix socket is root or the user that runs the daemon.
bool is_own_user(const local::socket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  // native_handle() is not const, but asking a socket for its peer changes nothing.
  const int fd = const_cast<local::socket&>(socket).native_handle();
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}
bool is_own_user(const tcp::socket&) {
  return false;
}

template <class Acceptor>
asio::awaitable<void> accept_connections(Acceptor* acceptor, const std::vector<Route>* routes,
                                         std::size_t* connections) {
  using Protocol = typename Acceptor::protocol_type;
  const auto executor = acceptor->get_executor();
  while (acceptor->is_open()) {
    auto [error, socket] = co_await acceptor->async_accept(kToken);
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
    if (error || *connections >= kMaxConnections) {
      // Out of descriptors, or too many clients: the connection (if any) is dropped, and a pause keeps this loop calm.
      asio::steady_timer pause(executor, 50ms);
      socket.close();
      const auto [ignored] = co_await pause.async_wait(kToken);
      if (ignored) break;
      continue;
    }
    const bool privileged = is_own_user(socket);
    beast::basic_stream<Protocol> stream(std::move(socket));
    Slot slot(*connections);
    auto session = serve_connection(std::move(stream), privileged, routes, std::move(slot));
    asio::co_spawn(executor, std::move(session), asio::detached);
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

}  // namespace

struct Server::Impl {
  explicit Impl(Settings s) : settings(std::move(s)) {}

  Expected<std::string, std::string> listen_tcp() {
    const auto endpoint = parse_endpoint(settings.listen);
    if (!endpoint) return Unexpected{"serve.listen is not an address: " + settings.listen};
    const tcp::endpoint where(asio::ip::make_address(endpoint->address), endpoint->port);
    boost::system::error_code error;
    tcp_acceptor.open(where.protocol(), error);
    if (!error) tcp_acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) tcp_acceptor.bind(where, error);
    if (!error) tcp_acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Unexpected{"cannot listen on " + settings.listen + ": " + error.message()};
    const auto bound = tcp_acceptor.local_endpoint();
    const std::string host = bound.address().is_v6() ? "[" + endpoint->address + "]" : endpoint->address;
    return "http://" + host + ":" + std::to_string(bound.port());
  }

  Expected<std::string, std::string> listen_local() {
    auto free = remove_stale_socket(io, settings.socket);
    if (!free) return Unexpected{std::move(free).error()};
    boost::system::error_code error;
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
  // Before `io`, whose destruction ends the connections that use them.
  std::size_t connections = 0;
  std::vector<Route> routes;
  asio::io_context io{1};
  tcp::acceptor tcp_acceptor{io};
  local::acceptor local_acceptor{io};
  std::string bound_socket;
  std::thread thread;
};

Server::Server(Settings settings, const Routes& routes) : impl_(std::make_unique<Impl>(std::move(settings))) {
  impl_->routes = routes(impl_->io.get_executor());
}

Server::~Server() {
  stop();
}

Expected<std::vector<std::string>, std::string> Server::start() {
  auto& impl = *impl_;
  std::vector<std::string> addresses;
  if (!impl.settings.listen.empty()) {
    auto bound = impl.listen_tcp();
    if (!bound) return Unexpected{std::move(bound).error()};
    addresses.push_back(std::move(*bound));
    auto loop = accept_connections(&impl.tcp_acceptor, &impl.routes, &impl.connections);
    asio::co_spawn(impl.io, std::move(loop), asio::detached);
  }
  if (!impl.settings.socket.empty()) {
    auto bound = impl.listen_local();
    if (!bound) return Unexpected{std::move(bound).error()};
    addresses.push_back(std::move(*bound));
    auto loop = accept_connections(&impl.local_acceptor, &impl.routes, &impl.connections);
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
