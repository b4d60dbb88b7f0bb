#pragma once
// DnsChannel: one c-ares channel with its sockets and timer in Asio. Internal to Resolver.
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <ares.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/expected.hpp"
#include "net/descriptor_watch.hpp"
#include "net/dns.hpp"

namespace outaged::net {

class DnsChannel {
 public:
  using Done = std::function<void(DnsAnswer)>;

  /// `servers` as c-ares wants them ("1.1.1.1:53,[::1]:53"); "" takes the system's.
  static Expected<std::unique_ptr<DnsChannel>, std::string> create(boost::asio::io_context& io,
                                                                   const std::string& servers);
  ~DnsChannel();
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;

  /// Calls `done` once, from a callback of the channel: post from there. Beyond 256 outstanding questions, further ones
  /// wait: all share one socket, whose buffer holds no more answers.
  void ask(const DnsQuestion& question, Done done);

 private:
  struct Query;
  explicit DnsChannel(boost::asio::io_context& io);
  void start(std::shared_ptr<Query> query);
  void finish(Query& query, DnsAnswer answer);
  void set_timer();
  static void on_answer(void* query, int status, int timeouts, unsigned char* data, int size);
  static void on_socket(void* self, ares_socket_t fd, int readable, int writable);

  ares_channel channel_ = nullptr;
  boost::asio::io_context& io_;
  DescriptorWatch watch_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::size_t outstanding_ = 0;
  std::deque<std::shared_ptr<Query>> waiting_;
};

/// What c-ares' status and the answer's bytes mean. Pure; `data` may be null.
DnsAnswer read_answer(const DnsQuestion& question, int status, const unsigned char* data, int size);

}  // namespace outaged::net
