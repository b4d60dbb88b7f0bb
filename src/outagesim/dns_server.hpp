#pragma once
// A name server on loopback: UDP and TCP on one port.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/expected.hpp"
#include "outagesim/dns_message.hpp"

namespace outaged::sim {

class DnsServer {
 public:
  /// The reply to a question, or nothing for no answer at all.
  using Resolve = std::function<std::optional<DnsReply>(const DnsQuery&)>;

  /// `io` must outlive the server and be run by one thread, the one that calls everything here once it runs.
  DnsServer(boost::asio::io_context& io, Resolve resolve);
  ~DnsServer();

  /// Binds 127.0.0.1:`port` (0: any that is free for both). The port, or why not.
  Expected<std::uint16_t, std::string> open(std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const;

  /// While cut, TCP is refused and UDP is not answered.
  void cut();
  void restore();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::sim
