#include "outagectl/daemon_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "base/json/parse.hpp"

namespace outaged::ctl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using local = asio::local::stream_protocol;
using Stream = beast::basic_stream<local>;

constexpr std::uint64_t kLargestAnswer = 64ULL << 20;

}  // namespace

Expected<Answer, Unreachable> DaemonClient::request(const std::string& method, const std::string& target,
                                                    Micros timeout, const std::string& body_sent) const {
  asio::io_context io;
  Stream stream(io);
  stream.expires_after(timeout);
  boost::system::error_code failure;
  const auto finish = [&io] {
    io.restart();
    io.run();
  };

  local::endpoint endpoint;
  try {
    endpoint = local::endpoint(socket_path_);
  } catch (const boost::system::system_error&) {
    return Unexpected{Unreachable{"the socket's path is too long: " + socket_path_, true}};
  }
  stream.async_connect(endpoint, [&failure](boost::system::error_code error) { failure = error; });
  finish();
  if (failure == boost::system::errc::permission_denied)
    return Unexpected{
        Unreachable{fmt::format("you may not use the daemon's socket {} ({}); ask as root, or as the user "
                                "that the daemon runs as",
                                socket_path_, failure.message()),
                    false, true}};
  if (failure) return Unexpected{Unreachable{"no daemon answers on " + socket_path_ + ": " + failure.message(), true}};

  http::request<http::string_body> message{http::string_to_verb(method), target, 11};
  message.set(http::field::host, "localhost");
  message.keep_alive(false);
  if (!body_sent.empty()) message.set(http::field::content_type, "application/json");
  message.body() = body_sent;
  message.prepare_payload();
  http::async_write(stream, message, [&failure](boost::system::error_code error, std::size_t) { failure = error; });
  finish();

  http::response_parser<http::string_body> parser;
  parser.body_limit(kLargestAnswer);
  beast::flat_buffer buffer;
  if (!failure) {
    http::async_read(stream, buffer, parser,
                     [&failure](boost::system::error_code error, std::size_t) { failure = error; });
    finish();
  }
  if (failure) return Unexpected{Unreachable{"the daemon did not answer: " + failure.message(), false}};
  auto body = json::parse_untrusted(parser.get().body());
  if (!body) return Unexpected{Unreachable{"the daemon's answer is " + body.error(), false}};
  return Answer{parser.get().result_int(), std::move(*body)};
}

}  // namespace outaged::ctl
