#include "support/http_client.hpp"

#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace outaged::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

struct Target {
  std::string address;
  std::uint16_t port;
  std::string path;
};

Target split(const std::string& url) {
  const std::string scheme = "http://";
  if (!url.starts_with(scheme)) throw std::invalid_argument("not a plain HTTP address: " + url);
  const auto slash = url.find('/', scheme.size());
  const auto authority = url.substr(scheme.size(), slash == std::string::npos ? slash : slash - scheme.size());
  const auto colon = authority.rfind(':');
  return {authority.substr(0, colon), static_cast<std::uint16_t>(std::stoi(authority.substr(colon + 1))),
          slash == std::string::npos ? "/" : url.substr(slash)};
}

}  // namespace

HttpReply http_request(const std::string& method, const std::string& url, const std::string& body) {
  const auto target = split(url);
  asio::io_context io;
  beast::tcp_stream stream(io);
  stream.expires_after(std::chrono::seconds{10});
  boost::system::error_code failure;
  const auto note = [&failure](boost::system::error_code error, auto...) { failure = error; };
  const auto finish = [&io] {
    io.restart();
    io.run();
  };
  stream.async_connect(asio::ip::tcp::endpoint(asio::ip::make_address(target.address), target.port), note);
  finish();
  if (failure) return {};
  http::request<http::string_body> request{http::string_to_verb(method), target.path, 11};
  request.set(http::field::host, target.address);
  request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.keep_alive(false);
  request.prepare_payload();
  http::async_write(stream, request, note);
  finish();
  if (failure) return {};
  http::response_parser<http::string_body> parser;
  parser.body_limit(64ULL << 20);
  beast::flat_buffer buffer;
  http::async_read(stream, buffer, parser, note);
  finish();
  if (failure) return {};
  return {parser.get().result_int(), std::move(parser.get().body())};
}

}  // namespace outaged::test
