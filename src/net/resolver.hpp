#pragma once
// Resolver: asks name servers with c-ares, driven by Asio. Keeps apart what a name server can answer (no such name,
// server failure, refused, no record) and what it can fail to (no answer, closed port, garbage). The configured servers
// share one channel; each server that a question names has a channel of its own, so that a silent one is not hidden
// behind another. Same thread and io_context as the engine.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "base/expected.hpp"
#include "net/dns.hpp"
#include "net/settings.hpp"

namespace outaged::net {

/// What a name came to: one address to use, or the answer that had none.
struct Resolution {
  std::string address;  ///< numeric; empty when `answer.failure` is set
  DnsAnswer answer;     ///< `took` covers all questions that were asked
};

class Resolver {
 public:
  static Expected<std::unique_ptr<Resolver>, std::string> create(boost::asio::io_context& io, const Settings& settings);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// One question, answered, refused or given up within its time-out. A numeric name is answered without asking.
  boost::asio::awaitable<DnsAnswer> query(DnsQuestion question);

  /// The address to connect to, of the IP version of the settings when none is given; a numeric name says it itself.
  /// `any`: IPv4 when the name has it and this machine a route there, else IPv6.
  boost::asio::awaitable<Resolution> resolve(std::string name, std::optional<IpFamily> family, Micros timeout);

 private:
  struct Impl;
  explicit Resolver(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::net
