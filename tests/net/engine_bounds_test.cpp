// What a hostile server can cost: one failed exchange, within its deadline and its memory.
#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>
#include <zlib.h>

#include "net/engine_run.hpp"
#include "support/scripted_server.hpp"

using namespace outaged;
using namespace outaged::test;

namespace {

std::string gzip_of_zeros(std::size_t size) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string in(1 << 20, '\0');
  std::string out;
  std::string buffer(1 << 16, '\0');
  for (std::size_t done = 0; done <= size; done += in.size()) {
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      deflate(&stream, done + in.size() > size ? Z_FINISH : Z_NO_FLUSH);
      out.append(buffer, 0, buffer.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  return out;
}

std::size_t threads() {
  namespace fs = std::filesystem;
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("an endless body ends at its bound") {
  const ScriptedServer server({.reply = "HTTP/1.1 200 OK\r\n\r\n" + std::string(1 << 16, 'x'), .endless = true});
  auto request = get("http", server.port());
  request.timeout = std::chrono::seconds{20};
  request.max_body = Bytes{1 << 20};
  const auto exchange = EngineRun().perform(request);
  REQUIRE(exchange.failure.has_value());
  CHECK(exchange.failure->kind == "body_too_large");
  CHECK(exchange.body.size() == request.max_body.count);
}

TEST_CASE("endless headers end at their bound") {
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  const ScriptedServer server({.reply = many});
  const auto exchange = EngineRun().perform(get("http", server.port()));
  REQUIRE(exchange.failure.has_value());
  CHECK(exchange.failure->kind == "headers_too_large");
  CHECK(exchange.headers.size() < 10'000);
}

TEST_CASE("a header line without end is the server's fault and not this machine's") {
  for (const char* begin : {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nA: 1\r\n"}) {
    CAPTURE(begin);
    const ScriptedServer server({.reply = begin + std::string(1 << 20, 'x')});
    const auto exchange = EngineRun().perform(get("http", server.port()));
    REQUIRE(exchange.failure.has_value());
    CHECK(exchange.failure->kind == "headers_too_large");
    CHECK(exchange.failure->layer == Layer::http);
    CHECK(exchange.failure->phase == Phase::receive);
  }
}

TEST_CASE("a small compressed body that would become a huge one ends at its bound") {
  const std::string bomb = gzip_of_zeros(200 << 20);
  REQUIRE(bomb.size() < (1 << 20));
  const ScriptedServer server({.reply = http_ok(bomb, "Content-Encoding: gzip\r\n")});
  auto request = get("http", server.port());
  request.timeout = std::chrono::seconds{20};
  request.compressed = true;
  request.max_body = Bytes{1 << 20};
  const auto exchange = EngineRun().perform(request);
  REQUIRE(exchange.failure.has_value());
  CHECK(exchange.failure->kind == "body_too_large");
  CHECK(exchange.body.size() == request.max_body.count);
}

TEST_CASE("no more exchanges than configured are under way at once and all are answered") {
  const ScriptedServer server({.reply = http_ok("x")});
  net::Settings settings;
  settings.concurrency = 10;
  EngineRun run(settings);
  auto request = get("http", server.port());
  request.timeout = std::chrono::seconds{20};
  const auto exchanges = run.perform_all(std::vector<net::HttpRequest>(300, request));
  for (const auto& exchange : exchanges) CHECK_FALSE(exchange.failure.has_value());
  CHECK(run.engine->stats().most_running <= 10);
  CHECK(server.connections() == 300);
}

TEST_CASE("no more handshakes than configured are under way at once") {
  // Counts a connection out before it closes it, and only then the engine may begin another: never one too many.
  const ScriptedServer server({.read_first = true, .silent_tls = true});
  net::Settings settings;
  settings.handshakes = 4;
  EngineRun run(settings);
  auto request = get("https", server.port());
  request.timeout = std::chrono::seconds{20};
  const auto exchanges = run.perform_all(std::vector<net::HttpRequest>(24, request));
  for (const auto& exchange : exchanges) CHECK(exchange.failure->layer == Layer::tls);
  CHECK(server.connections() == 24);
  CHECK(server.most_open() <= 4);
  CHECK(run.engine->stats().most_running == 4);  // none gets beyond its handshake
}

TEST_CASE("a target that swallows handshakes does not hold up the others") {
  const ScriptedServer silent({.read_request = false, .end = Script::End::stay, .silent_tls = true},
                              authority().issue({}));
  const ScriptedServer healthy({.reply = http_ok("x")}, authority().issue({}));
  net::Settings settings;
  settings.handshakes = 4;
  EngineRun run(settings);
  auto stuck = get("https", silent.port());
  stuck.timeout = std::chrono::seconds{5};
  auto fine = get("https", healthy.port());
  fine.timeout = std::chrono::seconds{20};
  std::vector<net::HttpRequest> requests(8, stuck);
  requests.insert(requests.end(), 20, fine);
  const auto exchanges = run.perform_all(requests);
  for (std::size_t i = 0; i < 8; ++i) CHECK(exchanges[i].failure->kind == "tls_timeout");
  for (std::size_t i = 8; i < exchanges.size(); ++i) CHECK_FALSE(exchanges[i].failure.has_value());
}

TEST_CASE("two hundred requests by name make no further thread") {
  const ScriptedServer server({.reply = http_ok("x")});
  EngineRun run;
  // libcurl knows "localhost" without asking; for any other name its resolver would start a thread.
  auto request = get("http", server.port());
  request.url = "http://www.example:" + std::to_string(server.port()) + "/";
  request.timeout = std::chrono::seconds{20};
  run.perform(get("http", server.port()));
  const auto before = threads();
  auto most = before;
  run.meanwhile = [&most] { most = std::max(most, threads()); };
  const auto exchanges = run.perform_all(std::vector<net::HttpRequest>(200, request));
  for (const auto& exchange : exchanges) CHECK_FALSE(exchange.failure.has_value());
  CHECK(most == before);
}

TEST_CASE("certificate authorities that cannot be read are an error at the start") {
  boost::asio::io_context io;
  net::Settings settings;
  settings.ca_file = "/nonexistent/ca.pem";
  const auto made = net::HttpEngine::create(io, settings);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().find("/nonexistent/ca.pem") != std::string::npos);
}
