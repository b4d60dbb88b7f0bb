#include "loopback_send.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "notify/transport/transports.hpp"

namespace outaged::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

asio::awaitable<net::HttpExchange> exchange(net::HttpRequest request) {
  // "http://127.0.0.1:PORT/target"
  const auto colon = request.url.find(':', 7);
  const auto slash = request.url.find('/', colon);
  const auto port = static_cast<std::uint16_t>(std::stoi(request.url.substr(colon + 1, slash - colon - 1)));
  const asio::ip::tcp::endpoint endpoint{asio::ip::make_address("127.0.0.1"), port};
  http::request<http::string_body> out{http::string_to_verb(request.method), request.url.substr(slash), 11};
  out.set(http::field::host, "127.0.0.1");
  out.set(http::field::connection, "close");
  for (const auto& [name, value] : request.headers) out.set(name, value);
  out.body() = request.body;
  out.prepare_payload();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  beast::tcp_stream stream{executor};
  stream.expires_after(request.timeout);
  co_await stream.async_connect(endpoint, asio::use_awaitable);
  co_await http::async_write(stream, out, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response<http::string_body> in;
  co_await http::async_read(stream, buffer, in, asio::use_awaitable);
  net::HttpExchange result;
  result.status = static_cast<std::uint16_t>(in.result_int());
  result.body = in.body();
  for (const auto& field : in) {
    std::string name{field.name_string()};
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    result.headers.emplace_back(name, field.value());
  }
  co_return result;
}

net::HttpExchange failed(const std::exception_ptr& error) {
  net::HttpExchange result;
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& reason) {
    const bool late = reason.code() == beast::error::timeout;
    result.failure = Failure{late ? Layer::timeout : Layer::http, Phase::wait, "network", reason.what()};
  }
  return result;
}

}  // namespace

notify::Send loopback_send(asio::io_context& io) {
  notify::HttpSend http = [&io](net::HttpRequest request, std::function<void(net::HttpExchange)> done) {
    auto work = exchange(std::move(request));
    asio::co_spawn(io, std::move(work), [done = std::move(done)](std::exception_ptr error, net::HttpExchange result) {
      done(error ? failed(error) : std::move(result));
    });
  };
  return notify::transports(io, std::move(http), "");
}

}  // namespace outaged::test
