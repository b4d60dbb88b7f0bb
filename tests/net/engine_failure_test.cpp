// Every way in which a request can fail, provoked by a real server, and what is said of it.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/engine_run.hpp"
#include "support/scripted_server.hpp"

using namespace outaged;
using namespace outaged::test;
using namespace std::chrono_literals;

namespace {

void check_failure(const net::HttpExchange& exchange, Layer layer, std::optional<Phase> phase,
                   const std::string& kind) {
  REQUIRE(exchange.failure.has_value());
  CAPTURE(exchange.failure->detail);
  CHECK(to_string(exchange.failure->layer) == to_string(layer));
  CHECK(exchange.failure->phase == phase);
  CHECK(exchange.failure->kind == kind);
  CHECK_FALSE(exchange.failure->detail.empty());
}

net::HttpExchange ask(const ScriptedServer& server, const std::string& scheme = "http") {
  return EngineRun().perform(get(scheme, server.port()));
}

/// A port on which nobody listens: bound, never listened on, freed at the end of the test.
struct ClosedPort {
  ClosedPort() : fd(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  ~ClosedPort() { ::close(fd); }
  int fd;
  std::uint16_t port = 0;
};

/// Listens, and its queue is full: a further SYN gets no answer.
struct FullListener : ClosedPort {
  FullListener() {
    ::listen(fd, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    for (int& client : clients) {
      client = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      ::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
  }
  ~FullListener() {
    for (const int client : clients) ::close(client);
  }
  int clients[8] = {};
};

}  // namespace

TEST_CASE("a closed port is refused") {
  const ClosedPort closed;
  check_failure(EngineRun().perform(get("http", closed.port)), Layer::tcp, Phase::connect, "refused");
  check_failure(EngineRun().perform(get("https", closed.port)), Layer::tcp, Phase::connect, "refused");
}

TEST_CASE("a host that does not take the connection is a time-out of connecting") {
  const FullListener full;
  check_failure(EngineRun().perform(get("http", full.port)), Layer::timeout, Phase::connect, "connect_timeout");
  check_failure(EngineRun().perform(get("https", full.port)), Layer::timeout, Phase::connect, "connect_timeout");
}

TEST_CASE("a server that takes the connection and says nothing gives no reply") {
  const ScriptedServer plain({.end = Script::End::stay});
  check_failure(ask(plain), Layer::timeout, Phase::wait, "no_reply");
  const ScriptedServer tls({.end = Script::End::stay}, authority().issue({}));
  check_failure(ask(tls, "https"), Layer::timeout, Phase::wait, "no_reply");
}

TEST_CASE("a server that is silent in the handshake is a time-out of TLS") {
  const ScriptedServer server({.read_request = false, .end = Script::End::stay, .silent_tls = true},
                              authority().issue({}));
  check_failure(ask(server, "https"), Layer::timeout, Phase::tls, "tls_timeout");
}

TEST_CASE("plain text on the TLS port is not TLS") {
  const ScriptedServer server(
      {.read_request = false, .reply = "HTTP/1.1 400 Bad Request\r\n\r\n", .end = Script::End::stay});
  check_failure(ask(server, "https"), Layer::tls, Phase::tls, "not_tls");
}

TEST_CASE("a connection that is reset in the handshake is a reset of TLS") {
  const ScriptedServer server({.read_first = true, .end = Script::End::reset});
  check_failure(ask(server, "https"), Layer::tls, Phase::tls, "tls_reset");
}

TEST_CASE("a certificate that has ended says when it did") {
  const ScriptedServer server({}, authority().issue({.from = -240h, .until = -24h}));
  const auto exchange = ask(server, "https");
  check_failure(exchange, Layer::tls, Phase::tls, "certificate_expired");
  REQUIRE(exchange.certificate_ends.has_value());
  CHECK(*exchange.certificate_ends < wall_clock_now());
}

TEST_CASE("a certificate for another name is told from one that nobody vouches for") {
  const ScriptedServer other({}, authority().issue({.name = "elsewhere.example"}));
  check_failure(ask(other, "https"), Layer::tls, Phase::tls, "certificate_wrong_name");
  const TestAuthority stranger;
  const ScriptedServer unknown({}, stranger.issue({}));
  check_failure(ask(unknown, "https"), Layer::tls, Phase::tls, "certificate_untrusted");
}

TEST_CASE("a connection that is closed or reset without a reply is told apart") {
  const ScriptedServer closing({});
  check_failure(ask(closing), Layer::http, Phase::wait, "empty_reply");
  const ScriptedServer resetting({.end = Script::End::reset});
  check_failure(ask(resetting), Layer::http, Phase::wait, "reset");
}

TEST_CASE("a reply that is no HTTP is malformed") {
  const ScriptedServer server({.reply = "SSH-2.0-OpenSSH_9.2\r\n"});
  check_failure(ask(server), Layer::http, Phase::receive, "malformed");
}

TEST_CASE("a body that ends early is truncated and keeps what came") {
  const ScriptedServer sized({.reply = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"});
  const auto exchange = ask(sized);
  check_failure(exchange, Layer::content, Phase::receive, "truncated");
  CHECK(exchange.status == 200);
  CHECK(exchange.body == "only this");
  const ScriptedServer chunked({.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"});
  check_failure(ask(chunked), Layer::content, Phase::receive, "truncated");
  const ScriptedServer reset(
      {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this", .end = Script::End::reset});
  CHECK(ask(reset).failure->kind == "truncated");
}

TEST_CASE("a body that stops coming is stalled") {
  const ScriptedServer server(
      {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this", .end = Script::End::stay});
  check_failure(ask(server), Layer::timeout, Phase::receive, "stalled");
}

TEST_CASE("a reader that takes no bytes is a time-out of sending") {
  const ScriptedServer server({.read_request = false, .end = Script::End::stay});
  auto request = get("http", server.port());
  request.method = "POST";
  request.body.assign(32 << 20, 'x');
  const auto exchange = EngineRun().perform(request);
  check_failure(exchange, Layer::timeout, Phase::send, "send_timeout");
  CHECK(exchange.bytes_sent < request.body.size());
}

TEST_CASE("an address that cannot be asked is our own fault and costs no connection") {
  EngineRun run;
  for (const std::string url :
       {"file:///etc/passwd", "ftp://localhost/", "gopher://localhost:70/", "http://", "nonsense"}) {
    CAPTURE(url);
    net::HttpRequest request;
    request.url = url;
    request.address = "127.0.0.1";
    const auto exchange = run.perform(request);
    REQUIRE(exchange.failure.has_value());
    CHECK(exchange.failure->layer == Layer::local);
  }
  net::HttpRequest unresolved;
  unresolved.url = "http://some.name.example/";
  CHECK(run.perform(unresolved).failure->kind == "no_address");
}
