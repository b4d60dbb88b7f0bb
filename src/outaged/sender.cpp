#include "outaged/sender.hpp"

#include <stdexcept>

#include <boost/asio/co_spawn.hpp>

#include "base/log.hpp"
#include "net/http_engine.hpp"
#include "net/resolver.hpp"
#include "notify/transport/transports.hpp"
#include "probe/target.hpp"

namespace outaged::daemon {
namespace {

namespace asio = boost::asio;

struct Network {
  std::unique_ptr<net::HttpEngine> engine;
  std::unique_ptr<net::Resolver> resolver;
};

asio::awaitable<net::HttpExchange> perform(std::shared_ptr<Network> network, net::HttpRequest request) {
  const std::string host = probe::host_of(request.url);
  const Micros timeout = request.timeout;
  auto resolution = co_await network->resolver->resolve(host, std::nullopt, timeout);
  if (resolution.answer.failure) {
    net::HttpExchange exchange;
    exchange.failure = std::move(resolution.answer.failure);
    co_return exchange;
  }
  request.address = resolution.address;
  auto exchange = co_await network->engine->perform(request);
  co_return exchange;
}

}  // namespace

std::function<notify::Send(asio::io_context&)> network_sender(const net::Settings& settings) {
  return [settings](asio::io_context& io) -> notify::Send {
    auto engine = net::HttpEngine::create(io, settings);
    auto resolver = net::Resolver::create(io, settings);
    if (!engine) throw std::runtime_error(engine.error());
    if (!resolver) throw std::runtime_error(resolver.error());
    auto network = std::make_shared<Network>(Network{std::move(*engine), std::move(*resolver)});
    notify::HttpSend http = [&io, network](net::HttpRequest request, std::function<void(net::HttpExchange)> done) {
      auto run = perform(network, std::move(request));
      asio::co_spawn(io, std::move(run),
                     [done = std::move(done)](const std::exception_ptr& error, net::HttpExchange exchange) {
                       if (error != nullptr)
                         exchange.failure = Failure{Layer::local, std::nullopt, "local_error", "the request was lost"};
                       done(std::move(exchange));
                     });
    };
    return notify::transports(io, std::move(http), settings.ca_file);
  };
}

}  // namespace outaged::daemon
