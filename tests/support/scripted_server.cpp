#include "support/scripted_server.hpp"

#include <mutex>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace outaged::test {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

struct ScriptedServer::Impl {
  explicit Impl(Script s) : script(std::move(s)) {}

  template <class Stream>
  asio::awaitable<void> play(Stream* stream, tcp::socket* socket);
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<void> accept();

  Script script;
  asio::io_context io{1};
  std::optional<ssl::context> tls;
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::make_address(script.address), 0)};
  std::atomic<int> connections = 0;
  std::atomic<int> turns = 0;
  std::atomic<int> open = 0;
  std::atomic<int> most_open = 0;
  std::mutex mutex;
  std::string last_request;
  std::thread thread;
};

template <class Stream>
asio::awaitable<void> ScriptedServer::Impl::play(Stream* stream, tcp::socket* socket) {
  std::string request;
  if (script.read_first) {
    std::string some(4096, '\0');
    const auto room = asio::buffer(some);
    const auto [error, size] = co_await stream->async_read_some(room, kToken);
    if (error) co_return;
  } else if (script.read_request) {
    auto buffer = asio::dynamic_buffer(request);
    const auto [error, size] = co_await asio::async_read_until(*stream, buffer, "\r\n\r\n", kToken);
    if (error) co_return;
    const std::size_t whole = size + (script.read_body ? content_length(request.substr(0, size)) : 0);
    if (request.size() < whole) {
      const auto rest = asio::transfer_exactly(whole - request.size());
      const auto [body_error, body_size] = co_await asio::async_read(*stream, buffer, rest, kToken);
      if (body_error) co_return;
    }
    const std::lock_guard lock(mutex);
    last_request = request;
  }
  const auto turn = static_cast<std::size_t>(turns++);
  const auto reply = asio::buffer(turn < script.first.size() ? script.first[turn] : script.reply);
  do {
    const auto [error, size] = co_await asio::async_write(*stream, reply, kToken);
    if (error) co_return;
  } while (script.endless);
  if (script.end == Script::End::reset) {
    socket->set_option(asio::socket_base::linger(true, 0));
    socket->close();  // the destructor would take the option back
  }
  if (script.end == Script::End::stay) {
    asio::steady_timer forever(io, std::chrono::minutes{5});
    const auto [ended] = co_await forever.async_wait(kToken);
    if (ended) co_return;
  }
}

asio::awaitable<void> ScriptedServer::Impl::serve(tcp::socket socket) {
  most_open = std::max(most_open.load(), ++open);
  if (script.silent_tls || !tls) {
    co_await play(&socket, &socket);
  } else {
    ssl::stream<tcp::socket&> stream(socket, *tls);
    const auto server = ssl::stream_base::server;
    const auto [error] = co_await stream.async_handshake(server, kToken);
    if (!error) co_await play(&stream, &socket);
  }
  --open;
}

asio::awaitable<void> ScriptedServer::Impl::accept() {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(kToken);
    if (error) co_return;
    ++connections;
    auto session = serve(std::move(socket));
    asio::co_spawn(io, std::move(session), asio::detached);
  }
}

ScriptedServer::ScriptedServer(Script script, std::optional<CertificatePem> certificate)
    : impl_(std::make_unique<Impl>(std::move(script))) {
  if (certificate) {
    auto& context = impl_->tls.emplace(ssl::context::tls_server);
    context.use_certificate(asio::buffer(certificate->certificate), ssl::context::pem);
    context.use_private_key(asio::buffer(certificate->key), ssl::context::pem);
  }
  auto loop = impl_->accept();
  asio::co_spawn(impl_->io, std::move(loop), asio::detached);
  impl_->thread = std::thread([impl = impl_.get()] { impl->io.run(); });
}

ScriptedServer::~ScriptedServer() {
  impl_->io.stop();
  impl_->thread.join();
}

std::uint16_t ScriptedServer::port() const {
  return impl_->acceptor.local_endpoint().port();
}
int ScriptedServer::connections() const {
  return impl_->connections;
}
int ScriptedServer::most_open() const {
  return impl_->most_open;
}
std::string ScriptedServer::last_request() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->last_request;
}

std::string http_ok(const std::string& body, const std::string& headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

}  // namespace outaged::test
