#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include "net/engine_run.hpp"
#include "support/scripted_server.hpp"

using namespace outaged;
using namespace outaged::test;

TEST_CASE("an HTTPS exchange has every phase but name resolution") {
  const ScriptedServer server({.reply = http_ok("hello", "X-Mark:  one \r\n")}, authority().issue({}));
  auto request = get("https", server.port(), "/path?x=1");
  request.method = "POST";
  request.body = "some bytes";
  request.headers = {{"X-Mine", "yes"}};
  const auto exchange = EngineRun().perform(request);
  REQUIRE_FALSE(exchange.failure.has_value());
  CHECK(exchange.status == 200);
  CHECK(exchange.body == "hello");
  CHECK(exchange.address == "127.0.0.1");
  REQUIRE(exchange.header("x-mark") != nullptr);
  CHECK(*exchange.header("x-mark") == "one");
  CHECK(exchange.phases[Phase::dns].count() == 0);
  for (const Phase phase : {Phase::connect, Phase::tls, Phase::wait}) CHECK(exchange.phases[phase].count() > 0);
  CHECK(exchange.certificate_ends.has_value());
  CHECK(exchange.bytes_sent == 10);
  CHECK(exchange.bytes_received == 5);
  const auto sent = server.last_request();
  CHECK(sent.starts_with("POST /path?x=1 HTTP/1.1\r\n"));
  CHECK(sent.find("Host: localhost:") != std::string::npos);
  CHECK(sent.find("X-Mine: yes\r\n") != std::string::npos);
  CHECK(sent.find("User-Agent: outaged/") != std::string::npos);
  CHECK(sent.find("Expect:") == std::string::npos);
  CHECK(sent.ends_with("some bytes"));
}

TEST_CASE("a bare connection and a bare handshake send no request") {
  const ScriptedServer plain({.end = Script::End::stay});
  auto request = get("http", plain.port());
  request.reach = net::Reach::tcp;
  const auto tcp = EngineRun().perform(request);
  CHECK_FALSE(tcp.failure.has_value());
  CHECK(tcp.phases[Phase::connect].count() > 0);
  CHECK(tcp.phases[Phase::tls].count() == 0);
  CHECK(plain.last_request().empty());

  const ScriptedServer secure({.end = Script::End::stay}, authority().issue({}));
  request = get("https", secure.port());
  request.reach = net::Reach::tls;
  const auto tls = EngineRun().perform(request);
  CHECK_FALSE(tls.failure.has_value());
  CHECK(tls.phases[Phase::tls].count() > 0);
  CHECK(tls.phases[Phase::wait].count() == 0);
  CHECK(tls.certificate_ends.has_value());
  CHECK(secure.last_request().empty());
}

TEST_CASE("a redirect is handed back and not followed") {
  const ScriptedServer server(
      {.reply = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"});
  const auto exchange = EngineRun().perform(get("http", server.port()));
  CHECK_FALSE(exchange.failure.has_value());
  CHECK(exchange.status == 302);
  CHECK(*exchange.header("location") == "file:///etc/passwd");
  CHECK(server.connections() == 1);
}

TEST_CASE("each exchange has a connection of its own") {
  const ScriptedServer server({.reply = http_ok("x")});
  EngineRun run;
  for (int i = 0; i < 5; ++i) CHECK_FALSE(run.perform(get("http", server.port())).failure.has_value());
  CHECK(server.connections() == 5);
}

TEST_CASE("an interim response is not taken for the answer") {
  const ScriptedServer server(
      {.reply = "HTTP/1.1 103 Early Hints\r\nX-Old: 1\r\n\r\n" + http_ok("final", "X-New: 1\r\n")});
  const auto exchange = EngineRun().perform(get("http", server.port()));
  CHECK(exchange.status == 200);
  CHECK(exchange.header("x-old") == nullptr);
  CHECK(exchange.header("x-new") != nullptr);
}

TEST_CASE("a request with a header that cannot be sent is not sent, and says which without its value") {
  const ScriptedServer server({.reply = http_ok("x")});
  for (const net::Header& bad : {net::Header{"X-Bad", "1\r\nX-Smuggled: 1"}, net::Header{"X-Bad", "1\n"},
                                 net::Header{"X-Bad", std::string{"1\0", 2}}, net::Header{"X-Bad: 1\r\nX", "1"}}) {
    auto request = get("http", server.port());
    request.headers = {{"X-Good", "1"}, bad};
    const auto exchange = EngineRun().perform(request);
    REQUIRE(exchange.failure.has_value());
    CHECK(exchange.failure->layer == Layer::local);
    CHECK(exchange.failure->kind == "bad_header");
    CHECK(exchange.failure->detail.find("X-Bad") != std::string::npos);
    CHECK(exchange.failure->detail.find("Smuggled") == std::string::npos);
  }
  CHECK(server.last_request().empty());
}

TEST_CASE("a cancelled exchange ends at once as cancelled") {
  const ScriptedServer server({.end = Script::End::stay});
  EngineRun run;
  boost::asio::cancellation_signal cancel;
  auto request = get("http", server.port());
  request.timeout = std::chrono::minutes{5};
  std::optional<net::HttpExchange> ended;
  auto pending = run.engine->perform(request);
  const auto note = [&](const std::exception_ptr&, net::HttpExchange exchange) {
    ended = std::move(exchange);
    run.io.stop();
  };
  boost::asio::co_spawn(run.io, std::move(pending), boost::asio::bind_cancellation_slot(cancel.slot(), note));
  while (server.connections() == 0) run.io.poll();
  cancel.emit(boost::asio::cancellation_type::terminal);
  run.io.restart();
  run.io.run();
  REQUIRE(ended.has_value());
  REQUIRE(ended->failure.has_value());
  CHECK(ended->failure->kind == "cancelled");
  CHECK(run.engine->stats().running == 0);
}

TEST_CASE("who waits for an exchange is let go when engine and loop end before it") {
  const ScriptedServer server({.end = Script::End::stay});
  const auto waits = std::make_shared<bool>(true);
  {
    EngineRun run;
    auto request = get("http", server.port());
    request.timeout = std::chrono::minutes{5};
    auto pending = run.engine->perform(request);
    boost::asio::co_spawn(run.io, std::move(pending), [waits](const std::exception_ptr&, const net::HttpExchange&) {});
    while (server.connections() == 0) run.io.poll();
    CHECK(waits.use_count() == 2);
  }
  CHECK(waits.use_count() == 1);
}
