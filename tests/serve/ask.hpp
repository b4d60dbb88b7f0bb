#pragma once
// One request to routes, without a server.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "serve/http.hpp"

namespace outaged::test {

inline serve::Request request(const std::string& method, std::string_view target, const std::string& body = {}) {
  serve::Request out;
  out.method = method;
  out.body = body;
  REQUIRE(serve::parse_target(target, out));
  return out;
}

inline serve::Response ask(const std::vector<serve::Route>& routes, serve::Request asked) {
  // Outlives the routes, as that of a server does: the archive's thread may not be done with it when the answer is
  // here.
  static boost::asio::io_context io;
  io.restart();
  std::optional<serve::Response> answer;
  auto run = serve::dispatch(&routes, std::move(asked));
  boost::asio::co_spawn(io, std::move(run), [&answer](std::exception_ptr error, serve::Response response) {
    if (error == nullptr) answer = std::move(response);
  });
  io.run();
  REQUIRE(answer.has_value());
  return *answer;
}

}  // namespace outaged::test
