#pragma once
// An engine with its loop, run until what was asked is answered.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "net/http_engine.hpp"
#include "support/certificate.hpp"
#include "support/temporary_directory.hpp"

namespace outaged::test {

/// The authority that the tests' engines trust; one for the whole program.
const TestAuthority& authority();

class EngineRun {
 public:
  explicit EngineRun(net::Settings settings = {});

  net::HttpExchange perform(net::HttpRequest request);
  std::vector<net::HttpExchange> perform_all(const std::vector<net::HttpRequest>& requests);

  boost::asio::io_context io{1};
  std::unique_ptr<net::HttpEngine> engine;
  std::function<void()> meanwhile;  ///< called again and again while exchanges are under way

 private:
  TemporaryDirectory directory_;
};

/// GET of an address on loopback, with a time-out of half a second.
net::HttpRequest get(const std::string& scheme, std::uint16_t port, const std::string& path = "/");

}  // namespace outaged::test
