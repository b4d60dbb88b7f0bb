#include "outagesim/dns_server.hpp"

#include <array>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "outagesim/listener.hpp"

namespace outaged::sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using namespace std::chrono_literals;

constexpr auto kDatagram = asio::as_tuple(asio::use_awaitable);
constexpr int kPortAttempts = 20;

/// The answer's bytes; empty for no answer.
std::string answer_to(std::string_view message, const DnsServer::Resolve& resolve) {
  const auto query = read_query(message);
  if (!query) return {};
  const auto reply = resolve(*query);
  return reply ? write_reply(*query, *reply) : std::string{};
}

/// Queries of one TCP connection, each behind its length (RFC 1035 §4.2.2).
asio::awaitable<void> serve_stream(tcp::socket socket, const DnsServer::Resolve* resolve) {
  boost::beast::tcp_stream stream(std::move(socket));
  std::array<unsigned char, 2> length{};
  for (;;) {
    stream.expires_after(20s);
    const auto length_space = asio::buffer(length);
    const auto [length_error, length_size] = co_await asio::async_read(stream, length_space, kDatagram);
    if (length_error) co_return;
    std::string message(static_cast<std::size_t>(length[0]) << 8U | length[1], '\0');
    const auto space = asio::buffer(message);
    const auto [error, size] = co_await asio::async_read(stream, space, kDatagram);
    if (error) co_return;
    std::string reply = answer_to(message, *resolve);
    // No answer is played by waiting for the client to lose patience.
    if (reply.empty()) continue;
    const std::string prefix{static_cast<char>(reply.size() >> 8U), static_cast<char>(reply.size() & 0xFFU)};
    reply.insert(0, prefix);
    const auto data = asio::buffer(reply);
    const auto [write_error, written] = co_await asio::async_write(stream, data, kDatagram);
    if (write_error) co_return;
  }
}

}  // namespace

struct DnsServer::Impl {
  Impl(asio::io_context& context, Resolve to_resolve)
      : io(context), resolve(std::move(to_resolve)), socket(std::make_shared<udp::socket>(context)), tcp(make_tcp()) {}

  std::unique_ptr<Listener> make_tcp() {
    return std::make_unique<Listener>(io, [this](tcp::socket s) { return serve_stream(std::move(s), &resolve); });
  }

  static asio::awaitable<void> answer_datagrams(std::shared_ptr<udp::socket> socket, const Impl* impl) {
    std::array<char, 1500> room{};
    udp::endpoint client;
    while (socket->is_open()) {
      const auto space = asio::buffer(room);
      const auto [error, size] = co_await socket->async_receive_from(space, client, kDatagram);
      if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
      if (error || impl->cut) continue;
      const std::string reply = answer_to({room.data(), size}, impl->resolve);
      if (reply.empty()) continue;
      const auto data = asio::buffer(reply);
      // A client that has gone is not this server's trouble.
      const auto [send_error, sent] = co_await socket->async_send_to(data, client, kDatagram);
      if (send_error == asio::error::operation_aborted) co_return;
    }
  }

  asio::io_context& io;
  Resolve resolve;
  std::shared_ptr<udp::socket> socket;
  std::unique_ptr<Listener> tcp;
  bool cut = false;
};

DnsServer::DnsServer(asio::io_context& io, Resolve resolve) : impl_(std::make_unique<Impl>(io, std::move(resolve))) {}
DnsServer::~DnsServer() = default;

Expected<std::uint16_t, std::string> DnsServer::open(std::uint16_t port) {
  auto& impl = *impl_;
  for (int attempt = 0;; ++attempt) {
    auto bound = impl.tcp->open(port);
    if (!bound) return bound;
    boost::system::error_code error;
    impl.socket->open(udp::v4(), error);
    if (!error) impl.socket->bind({asio::ip::address_v4::loopback(), *bound}, error);
    if (!error) break;
    boost::system::error_code ignored;
    impl.socket->close(ignored);
    if (port != 0 || attempt >= kPortAttempts)
      return Unexpected{"cannot bind UDP 127.0.0.1:" + std::to_string(*bound) + ": " + error.message()};
    // Free for TCP, taken for UDP: another one.
    impl.tcp->cut();
    impl.tcp = impl.make_tcp();
  }
  auto loop = Impl::answer_datagrams(impl.socket, &impl);
  asio::co_spawn(impl.io, std::move(loop), asio::detached);
  return impl.tcp->port();
}

std::uint16_t DnsServer::port() const {
  return impl_->tcp->port();
}

void DnsServer::cut() {
  impl_->cut = true;
  impl_->tcp->cut();
}

void DnsServer::restore() {
  impl_->cut = false;
  impl_->tcp->restore();
}

}  // namespace outaged::sim
