#include "outagesim/session.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "base/encoding.hpp"
#include "outagesim/client_hello.hpp"

namespace outaged::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::uint32_t kMaxHeader = 16 * 1024;
constexpr std::uint64_t kMaxBody = 32ULL << 20U;
constexpr std::size_t kLongestHello = 16UL * 1024;
constexpr auto kReadTime = 30s;
constexpr auto kWriteTime = 60s;
constexpr auto kHoldTime = 120s;
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kHandshakeFailure("\x15\x03\x03\x00\x02\x02\x28", 7);
constexpr std::string_view kGarbage = "HTTP/1.0 400 Bad Request\r\n\r\n";

using Parser = http::request_parser<http::string_body>;
enum class Whole { no, yes };
enum class Method { head, other };

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

AddressFamily family_of(const tcp::socket& socket) {
  boost::system::error_code error;
  const auto local = socket.local_endpoint(error);
  return !error && local.address().is_v6() ? AddressFamily::ipv6 : AddressFamily::ipv4;
}

/// Nothing when the target is not a path.
std::optional<Request> to_request(const http::request<http::string_body>& message, Whole whole) {
  Request request;
  const auto target = view(message.target());
  if (!target.starts_with('/')) return std::nullopt;
  const auto mark = std::min(target.find('?'), target.size());
  request.method = std::string(view(message.method_string()));
  request.path = std::string(target.substr(0, mark));
  if (mark < target.size()) request.query = parse_form(target.substr(mark + 1));
  for (const auto& field : message)
    request.headers.emplace_back(lower_case(view(field.name_string())), view(field.value()));
  const auto host = view(message[http::field::host]);
  request.host = lower_case(host.substr(0, host.find(':')));
  request.body = message.body();
  request.complete = whole == Whole::yes;
  return request;
}

void reset(beast::tcp_stream& stream) {
  boost::system::error_code ignored;
  stream.socket().set_option(asio::socket_base::linger(true, 0), ignored);
  stream.socket().close(ignored);
}

/// Waits until the peer leaves, reading away what it sends; at most kHoldTime.
template <class Stream>
asio::awaitable<void> hold(Stream* stream) {
  std::array<char, 4096> room{};
  beast::get_lowest_layer(*stream).expires_after(kHoldTime);
  for (;;) {
    const auto space = asio::buffer(room);
    const auto [error, size] = co_await stream->async_read_some(space, kToken);
    if (error) co_return;
  }
}

/// Sends the reply as its delivery says. True when another request may follow.
template <class Stream>
asio::awaitable<bool> deliver(Stream* stream, Reply reply, Method method) {
  auto& lowest = beast::get_lowest_layer(*stream);
  if (reply.delivery == Delivery::silence) {
    co_await hold(stream);
    co_return false;
  }
  if (reply.delivery == Delivery::reset || reply.delivery == Delivery::close) {
    if (reply.delivery == Delivery::reset) reset(lowest);
    lowest.close();
    co_return false;
  }
  const bool whole = reply.delivery == Delivery::whole;
  reply.last = reply.last || !whole;
  std::string bytes = head_of(reply);
  if (method != Method::head) bytes += whole ? reply.body : reply.body.substr(0, reply.deliver_bytes);
  lowest.expires_after(kWriteTime);
  const auto data = asio::buffer(bytes);
  const auto [error, size] = co_await asio::async_write(*stream, data, kToken);
  if (error) co_return false;
  if (reply.delivery == Delivery::stall_body) co_await hold(stream);
  if (reply.delivery == Delivery::cut_body) lowest.close();
  co_return !reply.last;
}

struct Incoming {
  std::optional<Request> request;  ///< what the client asked, when it is worth answering
  std::optional<Reply> refusal;    ///< what to say to a request that is none
  bool keep_alive = false;
  bool alive = true;         ///< false when the client went away
  BodyBudget::Share memory;  ///< for the request's body
};

Incoming refused(unsigned status, const char* text) {
  Incoming incoming;
  incoming.refusal = text_reply(status, "text/plain", text);
  return incoming;
}

/// Sorts what came, whole or not.
Incoming judge(const Parser& parser, boost::system::error_code error) {
  if (error == http::error::body_limit) return refused(413, "Too large\n");
  if (error == http::error::header_limit) return refused(431, "Too many headers\n");
  const bool cut_short = error && parser.is_header_done() && !parser.is_done();
  const bool malformed = error && !cut_short &&
                         error.category() == http::make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
  Incoming incoming;
  incoming.alive = !error;
  if (malformed) return refused(400, "Malformed request\n");
  if (error && !cut_short) return incoming;
  incoming.keep_alive = parser.keep_alive();
  incoming.request = to_request(parser.get(), cut_short ? Whole::no : Whole::yes);
  if (!incoming.request && incoming.alive) return refused(400, "Malformed address\n");
  return incoming;
}

template <class Stream>
asio::awaitable<Incoming> receive(Stream* stream, beast::flat_buffer* buffer, BodyBudget* bodies) {
  Parser parser;
  parser.header_limit(kMaxHeader);
  parser.body_limit(kMaxBody);
  beast::get_lowest_layer(*stream).expires_after(kReadTime);
  auto [error, size] = co_await http::async_read_header(*stream, *buffer, parser, kToken);
  BodyBudget::Share memory;
  if (!error && !parser.is_done()) {
    // A body of unknown length counts as the largest.
    memory = bodies->take(parser.content_length().value_or(kMaxBody));
    if (!memory.granted()) co_return refused(503, "Too much at a time\n");
  }
  if (!error && view(parser.get()[http::field::expect]) == "100-continue") {
    static constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto data = asio::buffer(kGoOn);
    const auto [write_error, written] = co_await asio::async_write(*stream, data, kToken);
    error = write_error;
  }
  if (!error) {
    const auto [body_error, body_size] = co_await http::async_read(*stream, *buffer, parser, kToken);
    error = body_error;
  }
  Incoming incoming = judge(parser, error);
  incoming.memory = std::move(memory);
  co_return incoming;
}

/// Requests of one connection, one after the other.
template <class Stream>
asio::awaitable<void> serve_http(Stream* stream, HttpSide* side) {
  const AddressFamily family = family_of(beast::get_lowest_layer(*stream).socket());
  beast::flat_buffer buffer;
  for (bool again = true; again;) {
    Incoming incoming = co_await receive(stream, &buffer, &side->bodies);
    Outcome outcome;
    if (incoming.refusal) outcome.reply = std::move(*incoming.refusal);
    if (incoming.request) {
      incoming.request->family = family;
      outcome = side->answer(*incoming.request);
    }
    if (!incoming.alive) co_return;
    if (outcome.delay.count() > 0) {
      asio::steady_timer pause(stream->get_executor(), outcome.delay);
      const auto [error] = co_await pause.async_wait(kToken);
      if (error) co_return;
    }
    outcome.reply.last = outcome.reply.last || !incoming.keep_alive;
    const auto method = incoming.request && incoming.request->method == "HEAD" ? Method::head : Method::other;
    again = co_await deliver(stream, outcome.reply, method);
  }
}

ssl::context make_context(const Identity& identity) {
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                      ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  context.use_certificate_chain(asio::buffer(identity.certificate_pem));
  context.use_private_key(asio::buffer(identity.key_pem), ssl::context::pem);
  return context;
}

/// The connection's first bytes up to the whole ClientHello; empty when none came.
asio::awaitable<std::string> receive_hello(beast::tcp_stream* stream) {
  std::string bytes;
  std::array<char, 4096> room{};
  stream->expires_after(kReadTime);
  while (bytes.size() < kLongestHello) {
    const auto space = asio::buffer(room);
    const auto [error, size] = co_await stream->async_read_some(space, kToken);
    if (error) co_return std::string{};
    bytes.append(room.data(), size);
    if (read_client_hello(bytes).state != ClientHello::State::incomplete) break;
  }
  co_return bytes;
}

/// Plays a failure below HTTP that ends the connection.
asio::awaitable<void> end_by_strike(beast::tcp_stream* stream, std::string shape) {
  if (shape == "reset") {
    reset(*stream);
  } else if (shape == "silent") {
    co_await hold(stream);
  } else if (shape == "garbage" || shape == "alert") {
    const auto data = asio::buffer(shape == "alert" ? kHandshakeFailure : kGarbage);
    const auto [error, size] = co_await asio::async_write(*stream, data, kToken);
    if (!error) {
      boost::system::error_code ignored;
      stream->socket().shutdown(tcp::socket::shutdown_send, ignored);
    }
  }
  stream->close();
}

bool ends_connection(const Strike& strike) {
  return strike.shape != "wrong_name" && strike.shape != "expired";
}

}  // namespace

struct TlsSide::Contexts {
  mutable ssl::context good;
  mutable ssl::context wrong_name;
  mutable ssl::context expired;

  [[nodiscard]] ssl::context& of(const std::optional<Strike>& strike) const {
    if (strike && strike->shape == "wrong_name") return wrong_name;
    if (strike && strike->shape == "expired") return expired;
    return good;
  }
};

TlsSide::TlsSide(const Certificates& certificates, OnHello on_hello)
    : contexts_(new Contexts{make_context(certificates.good), make_context(certificates.wrong_name),
                             make_context(certificates.expired)}),
      on_hello_(std::move(on_hello)) {}

TlsSide::~TlsSide() = default;

asio::awaitable<void> serve_plain(tcp::socket socket, HttpSide* http) {
  beast::tcp_stream stream(std::move(socket));
  co_await serve_http(&stream, http);
  stream.close();
}

asio::awaitable<void> serve_tls(tcp::socket socket, const TlsSide* tls, HttpSide* http) {
  beast::tcp_stream transport(std::move(socket));
  std::string hello = co_await receive_hello(&transport);
  if (hello.empty()) co_return;
  const auto name = read_client_hello(hello).server_name.value_or(std::string{});
  const auto strike = tls->strike(name, family_of(transport.socket()));
  if (strike && ends_connection(*strike)) {
    co_await end_by_strike(&transport, strike->shape);
    co_return;
  }
  ssl::stream<beast::tcp_stream> stream(std::move(transport), tls->contexts().of(strike));
  auto& lowest = beast::get_lowest_layer(stream);
  lowest.expires_after(kReadTime);
  const auto already_read = asio::buffer(hello);
  const auto [error, used] = co_await stream.async_handshake(ssl::stream_base::server, already_read, kToken);
  if (error) co_return;
  co_await serve_http(&stream, http);
  if (!lowest.socket().is_open()) co_return;
  lowest.expires_after(2s);
  const auto [shutdown_error] = co_await stream.async_shutdown(kToken);
  if (!shutdown_error) lowest.close();
}

asio::awaitable<void> serve_silence(tcp::socket socket) {
  beast::tcp_stream stream(std::move(socket));
  co_await hold(&stream);
}

}  // namespace outaged::sim
