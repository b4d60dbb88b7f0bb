#include "serve/http.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace outaged::serve;

namespace {

Response ask(const std::vector<Route>& routes, Request request) {
  boost::asio::io_context io;
  std::optional<Response> answer;
  auto run = dispatch(&routes, std::move(request));
  boost::asio::co_spawn(io, std::move(run), [&answer](std::exception_ptr error, Response response) {
    if (error == nullptr) answer = std::move(response);
  });
  io.run();
  REQUIRE(answer.has_value());
  return *answer;
}

boost::asio::awaitable<Response> say(std::string text) {
  co_return Response{200, "text/plain", std::move(text)};
}

Request get(std::string_view target) {
  Request request;
  request.method = "GET";
  REQUIRE(parse_target(target, request));
  return request;
}

const std::vector<Route> kRoutes = {
    {"GET", {"api", "v1", "status"}, [](Request) { return say("status"); }},
    {"GET", {"api", "v1", "incidents", "*"}, [](Request request) { return say(request.path.back()); }},
    {"GET", {"broken"}, [](Request) -> boost::asio::awaitable<Response> { throw std::runtime_error("secret reason"); }},
};

}  // namespace

TEST_CASE("a request target is split into decoded segments and query values") {
  Request request;
  REQUIRE(parse_target("/api/v1/in%63idents/?open=1&since=30d&text=a+b%26c", request));
  CHECK(request.path == std::vector<std::string>{"api", "v1", "incidents"});
  CHECK(request.query == std::map<std::string, std::string>{{"open", "1"}, {"since", "30d"}, {"text", "a b&c"}});
}

TEST_CASE("the bare root has no segments") {
  Request request;
  REQUIRE(parse_target("/", request));
  CHECK(request.path.empty());
}

TEST_CASE("a request target may be a whole address, whose host counts") {
  Request request;
  request.headers["host"] = "other.example";
  REQUIRE(parse_target("HTTP://127.0.0.1:8460/api/v1/status?open", request));
  CHECK(request.path == std::vector<std::string>{"api", "v1", "status"});
  CHECK(request.query.contains("open"));
  CHECK(request.headers["host"] == "127.0.0.1:8460");
  for (const std::string_view target : {"https://a", "http://a?open"}) {
    Request root;
    CAPTURE(target);
    REQUIRE(parse_target(target, root));
    CHECK(root.path.empty());
  }
}

TEST_CASE("a target that climbs up or hides a NUL or has no slash is refused") {
  for (const std::string_view target : {"/../etc/passwd", "/a/%2e%2e/b", "/a%00b", "status", "", "?open", "http://",
                                        "http:///a", "ftp://a/", "a:80", "http://a/../b", "*"}) {
    Request request;
    CAPTURE(target);
    CHECK_FALSE(parse_target(target, request));
  }
}

TEST_CASE("a route with a star gets the segment that stands there") {
  CHECK(ask(kRoutes, get("/api/v1/status")).body == "status");
  CHECK(ask(kRoutes, get("/api/v1/incidents/17")).body == "17");
}

TEST_CASE("an unknown path is 404, and a known path with another method is 405 and names those that it has") {
  CHECK(ask(kRoutes, get("/api/v2/status")).status == 404);
  auto post = get("/api/v1/status");
  post.method = "POST";
  const auto refusal = ask(kRoutes, post);
  CHECK(refusal.status == 405);
  CHECK(std::ranges::find(refusal.headers, std::pair<std::string, std::string>{"Allow", "GET, HEAD"}) !=
        refusal.headers.end());
}

TEST_CASE("HEAD is answered by the GET route") {
  auto head = get("/api/v1/status");
  head.method = "HEAD";
  CHECK(ask(kRoutes, head).status == 200);
}

TEST_CASE("a route that throws becomes a 500 which does not tell why") {
  const auto answer = ask(kRoutes, get("/broken"));
  CHECK(answer.status == 500);
  CHECK(answer.body.find("secret reason") == std::string::npos);
}

TEST_CASE("a problem document carries title and status and detail") {
  const auto answer = problem(404, "Not found", "no incident 9");
  CHECK(answer.content_type == "application/problem+json");
  const auto body = nlohmann::json::parse(answer.body);
  CHECK(body["title"] == "Not found");
  CHECK(body["status"] == 404);
  CHECK(body["detail"] == "no incident 9");
}

TEST_CASE("dates of HTTP are in English and of two digits each") {
  using namespace std::chrono;
  CHECK(http_date(sys_days{2019y / July / 3} + 14h + 5s) == "Wed, 03 Jul 2019 14:00:05 GMT");
  CHECK(http_date(sys_days{2028y / February / 29} + 9h + 8min + 999ms) == "Tue, 29 Feb 2028 09:08:00 GMT");
}
