#pragma once
// One connection: requests one after the other, until the peer leaves or a bound is reached. Every wait has an end.
// Included by server.cpp alone: Beast is heavy.
#include <algorithm>
#include <array>
#include <cctype>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "serve/connections.hpp"
#include "serve/http.hpp"
#include "serve/peer.hpp"
#include "serve/server.hpp"

namespace outaged::serve::session {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Reply = http::response<http::span_body<const char>>;

inline constexpr std::uint32_t kMaxHeader = 16 * 1024;
inline constexpr std::uint64_t kMaxBody = 64ULL * 1024;
/// What a refused client may still send before the connection is cut, so that it can read why.
inline constexpr auto kLingerTime = std::chrono::seconds{1};
inline constexpr std::size_t kLingerBytes = 2 * 1024 * 1024;
inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
inline constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

/// Equal names are joined, as RFC 9110 has it.
inline void add_header(Request& request, beast::string_view name, beast::string_view value) {
  std::string key{name.data(), name.size()};
  std::ranges::transform(key, key.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  auto& kept = request.headers[std::move(key)];
  if (!kept.empty()) kept += ", ";
  kept.append(value.data(), value.size());
}

inline bool compressed(const Response& response) {
  return std::ranges::any_of(response.headers, [](const auto& header) { return header.first == "Content-Encoding"; });
}

/// The bytes of the answer; they belong to `response`.
inline std::string_view body_of(const Response& response) {
  if (!response.document) return response.body;
  return compressed(response) ? response.document->gzip : response.document->plain;
}

inline Reply reply_of(const Response& response, unsigned version, bool keep_alive, WallTime now) {
  Reply out{static_cast<http::status>(response.status), version};
  out.set(http::field::server, "outaged");
  out.set(http::field::date, http_date(now));
  out.set(http::field::cache_control, "no-cache");
  out.set("X-Content-Type-Options", "nosniff");
  out.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  out.set("Referrer-Policy", "no-referrer");
  out.set("Cross-Origin-Resource-Policy", "same-origin");
  for (const auto& [name, value] : response.headers) {
    if (name == "Vary") {
      out.insert(name, value);
    } else {
      out.set(name, value);
    }
  }
  out.keep_alive(keep_alive);
  if (response.status == 304) return out;
  out.set(http::field::content_type, response.document ? response.document->content_type : response.content_type);
  if (!response.stream) out.content_length(body_of(response).size());
  return out;
}

/// What the parser found wrong, as an answer.
inline Response refusal(boost::system::error_code error) {
  if (error == http::error::header_limit) return problem(431, "Headers too large", "Headers may have 16 KiB.");
  if (error == http::error::body_limit) return problem(413, "Body too large", "A body may have 64 KiB.");
  return problem(400, "Malformed request");
}

inline bool is_clients_fault(boost::system::error_code error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

/// RFC 9112, section 3.2: exactly one, but none before HTTP/1.1.
inline bool names_host(const http::request<http::string_body>& message) {
  const auto hosts = message.count(http::field::host);
  return hosts == 1 || (hosts == 0 && message.version() < 11);
}

/// Whether the client waits for a word before it sends the body (RFC 9110, section 10.1.1).
inline bool awaits_word(const http::request_parser<http::string_body>& parser) {
  return !parser.is_done() && parser.get().version() >= 11 &&
         beast::iequals(parser.get()[http::field::expect], "100-continue");
}

inline Request request_of(const http::request<http::string_body>& message, const Peer& peer) {
  Request request;
  request.method = std::string{message.method_string()};
  for (const auto& field : message) add_header(request, field.name_string(), field.value());
  request.body = message.body();
  request.peer = peer.address;
  request.over_socket = peer.over_socket;
  request.user = peer.user;
  request.privileged = peer.privileged;
  return request;
}

/// Reads one request, and asks for the body where the client waits for that.
template <class Connection>
asio::awaitable<boost::system::error_code> read_request(Connection* connection, beast::flat_buffer* buffer,
                                                        http::request_parser<http::string_body>* parser) {
  const auto [header_error, header_size] = co_await http::async_read_header(*connection, *buffer, *parser, kToken);
  if (header_error) co_return header_error;
  if (awaits_word(*parser)) {
    const auto [error, size] = co_await asio::async_write(*connection, asio::buffer(kContinue), kToken);
    if (error) co_return error;
  }
  const auto [body_error, body_size] = co_await http::async_read(*connection, *buffer, *parser, kToken);
  co_return body_error;
}

/// Lets a client that still sends read the answer: closing at once would reset the connection under it.
template <class Connection>
asio::awaitable<void> linger(Connection* connection) {
  boost::system::error_code ignored;
  connection->socket().shutdown(asio::socket_base::shutdown_send, ignored);
  connection->expires_after(kLingerTime);
  std::array<char, 16 * 1024> buffer{};
  for (std::size_t total = 0; total < kLingerBytes;) {
    const auto [error, size] = co_await connection->async_read_some(asio::buffer(buffer), kToken);
    if (error) break;
    total += size;
  }
}

/// Piece after piece, until the stream ends or the client does not take them in time.
template <class Connection>
asio::awaitable<void> send_stream(Connection* connection, std::shared_ptr<Stream> pieces,
                                  std::chrono::milliseconds time) {
  for (;;) {
    const std::string piece = co_await pieces->next();
    if (piece.empty()) break;
    connection->expires_after(time);
    const auto [error, size] = co_await asio::async_write(*connection, asio::buffer(piece), kToken);
    if (error) break;
  }
}

template <class Connection>
asio::awaitable<void> serve(Connection connection, Peer peer, const std::vector<Route>* routes,
                            Connections* connections, Bounds bounds, Now now) {
  Connections::Place place(*connections, [&connection] { connection.close(); });
  beast::flat_buffer buffer;
  for (bool keep_alive = true; keep_alive;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kMaxHeader);
    parser.body_limit(kMaxBody);
    connection.expires_after(bounds.request_time);
    place.idle();
    const auto read_error = co_await read_request(&connection, &buffer, &parser);
    place.work();
    Response response;
    unsigned version = 11;
    bool head = false;
    if (read_error) {
      if (!is_clients_fault(read_error)) break;
      response = refusal(read_error);
      keep_alive = false;
    } else {
      const auto& message = parser.get();
      version = message.version();
      keep_alive = message.keep_alive();
      head = message.method() == http::verb::head;
      Request request = request_of(message, peer);
      if (!names_host(message)) {
        response = problem(400, "No host", "A request names its host, once.");
      } else if (parse_target(std::string_view{message.target().data(), message.target().size()}, request)) {
        Response answered = co_await dispatch(routes, std::move(request));
        response = std::move(answered);
      } else {
        response = problem(400, "Malformed address");
      }
    }
    if (response.stream) keep_alive = false;
    auto reply = reply_of(response, version, keep_alive, now());
    const auto body = body_of(response);
    reply.body() = {body.data(), body.size()};
    http::response_serializer<http::span_body<const char>> serializer{reply};
    connection.expires_after(bounds.answer_time);
    const bool header_only = head || response.stream || response.status == 304;
    boost::system::error_code failed;
    if (header_only) {
      serializer.split(true);
      const auto [error, size] = co_await http::async_write_header(connection, serializer, kToken);
      failed = error;
    } else {
      const auto [error, size] = co_await http::async_write(connection, serializer, kToken);
      failed = error;
    }
    if (failed) break;
    if (response.stream && !head) co_await send_stream(&connection, response.stream, bounds.answer_time);
    if (read_error) co_await linger(&connection);
  }
  connection.close();
}

}  // namespace outaged::serve::session
