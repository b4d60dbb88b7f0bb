#include "serve/gate.hpp"

#include "serve/ask.hpp"
#include "store/sample.hpp"

using namespace outaged;
using namespace outaged::serve;

namespace {

Request from(const std::string& peer, const std::string& token = {}) {
  Request request;
  request.peer = peer;
  if (!token.empty()) request.headers["authorization"] = "Bearer " + token;
  return request;
}

struct Watched {
  WallTime now = test::base_time();
  Gate gate{Secret{"correct-horse-battery"}, [this] { return now; }};
  unsigned status(const Request& request) {
    const auto refusal = gate.refuse(request);
    return refusal ? refusal->status : 200;
  }
};

}  // namespace

TEST_CASE("over the Unix socket the kernel's word decides and no token helps") {
  Watched watched;
  auto own = from("");
  own.over_socket = true;
  own.privileged = true;
  CHECK(watched.status(own) == 200);
  auto stranger = from("", "correct-horse-battery");
  stranger.over_socket = true;
  CHECK(watched.status(stranger) == 403);
}

TEST_CASE("over TCP only the admin token opens the gate") {
  Watched watched;
  CHECK(watched.status(from("10.0.0.1", "correct-horse-battery")) == 200);
  CHECK(watched.status(from("10.0.0.1", "correct-horse-batterx")) == 401);
  CHECK(watched.status(from("10.0.0.1", "correct")) == 401);
  CHECK(watched.status(from("10.0.0.1")) == 401);
  CHECK(watched.gate.refuse(from("10.0.0.1"))->headers.front().first == "WWW-Authenticate");
}

TEST_CASE("the scheme of the token may be written in any case, the token not") {
  Watched watched;
  for (const auto* scheme : {"bearer ", "BEARER ", "Bearer   "}) {
    auto request = from("10.0.0.1");
    request.headers["authorization"] = std::string{scheme} + "correct-horse-battery";
    CHECK(watched.status(request) == 200);
  }
  for (const auto* credentials : {"bearer CORRECT-horse-battery", "bearercorrect-horse-battery", "bearer", "bearer ",
                                  "basic correct-horse-battery"}) {
    auto request = from("10.0.0.2");
    request.headers["authorization"] = credentials;
    CHECK(watched.status(request) == 401);
  }
}

TEST_CASE("without a configured token nothing is changed over TCP, not even with an empty one") {
  Gate gate(Secret{}, [] { return test::base_time(); });
  CHECK(gate.refuse(from("10.0.0.1", "x"))->status == 403);
  auto empty = from("10.0.0.1");
  empty.headers["authorization"] = "Bearer ";
  CHECK(gate.refuse(empty)->status == 403);
}

TEST_CASE("who guesses is told to wait for a minute, and who knows the token always passes") {
  Watched watched;
  for (int i = 0; i < Gate::kAttempts; ++i) CHECK(watched.status(from("10.0.0.1", "guess")) == 401);
  CHECK(watched.status(from("10.0.0.1", "guess")) == 429);
  CHECK(watched.status(from("10.0.0.1", "correct-horse-battery")) == 200);
  CHECK(watched.status(from("10.0.0.1", "guess")) == 429);
  CHECK(watched.status(from("10.0.0.2", "guess")) == 401);
  watched.now += std::chrono::seconds{61};
  CHECK(watched.status(from("10.0.0.1", "guess")) == 401);
}

TEST_CASE("a clock that is set back makes nobody wait for it") {
  Watched watched;
  for (int i = 0; i <= Gate::kAttempts; ++i) (void)watched.status(from("10.0.0.1", "guess"));
  watched.now -= std::chrono::hours{24};
  CHECK(watched.status(from("10.0.0.1", "guess")) == 401);
}
