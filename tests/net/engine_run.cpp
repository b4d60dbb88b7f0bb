#include "net/engine_run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include "base/file.hpp"

namespace outaged::test {

const TestAuthority& authority() {
  static const TestAuthority instance;
  return instance;
}

EngineRun::EngineRun(net::Settings settings) {
  settings.ca_file = directory_ / "ca.pem";
  REQUIRE(write_file_atomically(settings.ca_file, authority().pem()));
  auto made = net::HttpEngine::create(io, settings);
  REQUIRE(made.has_value());
  engine = std::move(*made);
}

std::vector<net::HttpExchange> EngineRun::perform_all(const std::vector<net::HttpRequest>& requests) {
  std::vector<net::HttpExchange> exchanges(requests.size());
  std::size_t left = requests.size();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto run = engine->perform(requests[i]);
    boost::asio::co_spawn(io, std::move(run), [&, i](const std::exception_ptr& error, net::HttpExchange exchange) {
      CHECK(error == nullptr);
      exchanges[i] = std::move(exchange);
      --left;
    });
  }
  io.restart();
  while (left > 0 && io.run_one() > 0) {
    if (meanwhile) meanwhile();
  }
  return exchanges;
}

net::HttpExchange EngineRun::perform(net::HttpRequest request) {
  return perform_all({std::move(request)}).front();
}

net::HttpRequest get(const std::string& scheme, std::uint16_t port, const std::string& path) {
  net::HttpRequest request;
  request.url = scheme + "://localhost:" + std::to_string(port) + path;
  request.address = "127.0.0.1";
  request.timeout = std::chrono::milliseconds{500};
  return request;
}

}  // namespace outaged::test
