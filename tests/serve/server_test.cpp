#include "serve/server.hpp"

#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;

namespace {

namespace asio = boost::asio;

boost::asio::awaitable<Response> who(Request request) {
  co_return Response{200, "text/plain", request.privileged ? "privileged" : "anybody"};
}

std::vector<Route> routes(const boost::asio::any_io_executor&) {
  return {{"GET", {"who"}, who}};
}

boost::asio::awaitable<Response> echo(Request request) {
  co_return Response{200, "text/plain", request.body};
}

std::vector<Route> echo_routes(const boost::asio::any_io_executor&) {
  return {{"POST", {"echo"}, echo}};
}

/// 3 July 2019, 14:00:05 UTC.
WallTime stopped_clock() {
  return WallTime{std::chrono::seconds{1'562'162'405}};
}

Settings on(const std::string& listen, const std::string& socket) {
  Settings settings;
  settings.listen = listen;
  settings.socket = socket;
  return settings;
}

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

/// Sends the bytes and reads until the server closes.
template <class Socket>
std::string exchange(Socket& socket, const std::string& bytes) {
  boost::system::error_code error;
  asio::write(socket, asio::buffer(bytes), error);
  std::string answer;
  asio::read(socket, asio::dynamic_buffer(answer), error);
  return answer;
}

std::string over_tcp(std::uint16_t port, const std::string& bytes) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), port});
  return exchange(socket, bytes);
}

std::string over_socket(const std::string& path, const std::string& bytes) {
  asio::io_context io;
  asio::local::stream_protocol::socket socket(io);
  socket.connect(asio::local::stream_protocol::endpoint(path));
  return exchange(socket, bytes);
}

constexpr auto kAsk = "GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("only a request over the Unix socket from the own user is privileged") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.sock";
  Server server(on("127.0.0.1:0", path), routes, stopped_clock);
  const auto addresses = server.start();
  REQUIRE(addresses.has_value());
  REQUIRE(addresses->size() == 2);
  CHECK(over_tcp(port_of(addresses->front()), kAsk).ends_with("anybody"));
  CHECK(over_socket(path, kAsk).ends_with("privileged"));
}

TEST_CASE("nobody else may connect to the Unix socket") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.sock";
  Server server(on("", path), routes, stopped_clock);
  REQUIRE(server.start().has_value());
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0077U) == 0);
}

TEST_CASE("several requests share one connection") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto addresses = server.start();
  REQUIRE(addresses.has_value());
  const std::string keep = "GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const auto answer = over_tcp(port_of(addresses->front()), keep + keep + kAsk);
  std::size_t count = 0;
  for (auto at = answer.find("HTTP/1.1 200"); at != std::string::npos; at = answer.find("HTTP/1.1 200", at + 1))
    ++count;
  CHECK(count == 3);
}

TEST_CASE("a HEAD answer has the length of the body and no body") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto addresses = server.start();
  REQUIRE(addresses.has_value());
  const auto answer =
      over_tcp(port_of(addresses->front()), "HEAD /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(answer.find("Content-Length: 7") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("headers and bodies beyond the bounds are refused and garbage is answered with 400") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto addresses = server.start();
  REQUIRE(addresses.has_value());
  const auto port = port_of(addresses->front());
  const std::string long_header(20'000, 'x');
  CHECK(over_tcp(port, "GET /who HTTP/1.1\r\nHost: x\r\nX: " + long_header + "\r\n\r\n").starts_with("HTTP/1.1 431"));
  CHECK(over_tcp(port, "POST /who HTTP/1.1\r\nContent-Length: 100000\r\n\r\n").starts_with("HTTP/1.1 413"));
  CHECK(over_tcp(port, "no such protocol\r\n\r\n").starts_with("HTTP/1.1 400"));
}

TEST_CASE("every answer has its date, also one to garbage") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto port = port_of(server.start()->front());
  CHECK(over_tcp(port, kAsk).find("\r\nDate: Wed, 03 Jul 2019 14:00:05 GMT\r\n") != std::string::npos);
  CHECK(over_tcp(port, "no such protocol\r\n\r\n").find("\r\nDate: Wed, 03 Jul 2019") != std::string::npos);
}

TEST_CASE("a request of HTTP/1.1 names its host once, an older one need not") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto port = port_of(server.start()->front());
  const std::string close = "Connection: close\r\n\r\n";
  CHECK(over_tcp(port, "GET /who HTTP/1.1\r\n" + close).starts_with("HTTP/1.1 400"));
  CHECK(over_tcp(port, "GET /who HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + close).starts_with("HTTP/1.1 400"));
  CHECK(over_tcp(port, "GET /who HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200"));
}

TEST_CASE(
    "a client that waits to be told to send its body is told so, and one whose body is too large is refused first") {
  Server server(on("127.0.0.1:0", ""), echo_routes, stopped_clock);
  const auto port = port_of(server.start()->front());
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), port});
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n";
  asio::write(socket, asio::buffer(head + "Content-Length: 5\r\n\r\n"));
  std::string word;
  asio::read_until(socket, asio::dynamic_buffer(word), "\r\n\r\n");
  CHECK(word == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(exchange(socket, "hello").ends_with("hello"));
  CHECK(over_tcp(port, head + "Content-Length: 100000\r\n\r\n").starts_with("HTTP/1.1 413"));
}

TEST_CASE("a megabyte of headers is refused without being read") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto port = port_of(server.start()->front());
  std::string headers;
  while (headers.size() < 1'000'000)
    headers += "X-" + std::to_string(headers.size()) + ": " + std::string(200, 'x') + "\r\n";
  CHECK(over_tcp(port, "GET /who HTTP/1.1\r\n" + headers + "\r\n").starts_with("HTTP/1.1 431"));
  CHECK(over_tcp(port, kAsk).ends_with("anybody"));
}

TEST_CASE("an address that climbs up, hides a NUL or is no UTF-8 is refused or not there, and a range gets the whole") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto port = port_of(server.start()->front());
  const auto status = [&](const std::string& target) {
    return over_tcp(port, "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").substr(9, 3);
  };
  for (const char* target : {"/../etc/passwd", "/who/%2e%2e/%2e%2e/etc/passwd", "/who%00", "//who/../.."}) {
    CAPTURE(target);
    CHECK(status(target).front() == '4');
  }
  CHECK(status("/%ff%fe%80").front() == '4');
  CHECK(status("/\xff\xfe").front() == '4');
  const auto ranged = over_tcp(
      port, "GET /who HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1,1-9999999999999999999\r\nConnection: close\r\n\r\n");
  CHECK(ranged.starts_with("HTTP/1.1 200"));
  CHECK(ranged.ends_with("anybody"));
}

TEST_CASE("a client that sends its request byte by byte is let go, and others are answered meanwhile") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock, {.request_time = std::chrono::milliseconds{300}});
  const auto port = port_of(server.start()->front());
  asio::io_context io;
  asio::ip::tcp::socket slow(io);
  slow.connect({asio::ip::address_v4::loopback(), port});
  const std::string request = "GET /who HTTP/1.1\r\nX: ";
  boost::system::error_code error;
  asio::write(slow, asio::buffer(request), error);
  // The wait ends with the connection, which a server that is patient with each byte would keep for ever.
  for (std::size_t bytes = 0; !error && bytes < 15'000; ++bytes) {
    asio::write(slow, asio::buffer("x", 1), error);
    CHECK(over_tcp(port, kAsk).ends_with("anybody"));
  }
  CHECK(error);
}

TEST_CASE("clients that say nothing make room for one that asks") {
  Server server(on("127.0.0.1:0", ""), routes, stopped_clock, {.tcp_clients = 20});
  const auto port = port_of(server.start()->front());
  asio::io_context io;
  std::vector<asio::ip::tcp::socket> silent;
  for (int i = 0; i < 60; ++i) {
    silent.emplace_back(io).connect({asio::ip::address_v4::loopback(), port});
    CHECK(over_tcp(port, kAsk).ends_with("anybody"));
  }
  char byte = 0;
  boost::system::error_code error;
  silent.front().read_some(asio::buffer(&byte, 1), error);
  CHECK(error == asio::error::eof);
}

TEST_CASE("a socket left over from a killed daemon is replaced") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.sock";
  {
    asio::io_context io;
    asio::local::stream_protocol::acceptor dead(io, asio::local::stream_protocol::endpoint(path));
  }
  REQUIRE(std::filesystem::exists(path));
  Server server(on("", path), routes, stopped_clock);
  REQUIRE(server.start().has_value());
  CHECK(over_socket(path, kAsk).ends_with("privileged"));
}

TEST_CASE("a socket on which a daemon answers is left alone") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.sock";
  Server first(on("", path), routes, stopped_clock);
  REQUIRE(first.start().has_value());
  Server second(on("", path), routes, stopped_clock);
  const auto refused = second.start();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().find("another daemon") != std::string::npos);
  CHECK(over_socket(path, kAsk).ends_with("privileged"));
}

TEST_CASE("a file in the place of the socket is never deleted") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.sock";
  std::filesystem::create_directory(path);
  Server server(on("", path), routes, stopped_clock);
  const auto refused = server.start();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().find("not a socket") != std::string::npos);
  CHECK(std::filesystem::is_directory(path));
}

TEST_CASE("a port in use is an error in words") {
  Server first(on("127.0.0.1:0", ""), routes, stopped_clock);
  const auto addresses = first.start();
  REQUIRE(addresses.has_value());
  Server second(on("127.0.0.1:" + std::to_string(port_of(addresses->front())), ""), routes, stopped_clock);
  const auto refused = second.start();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().find("cannot listen") != std::string::npos);
}

TEST_CASE("the socket file is gone after a clean stop") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.sock";
  Server server(on("", path), routes, stopped_clock);
  REQUIRE(server.start().has_value());
  server.stop();
  CHECK_FALSE(std::filesystem::exists(path));
}
