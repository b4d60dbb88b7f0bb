#pragma once
// Waits for readiness of file descriptors that belong to somebody else (libcurl, c-ares) and may be closed at any time.
// A wait that ends after its descriptor was dropped does nothing: without that guard every fifth completion under load
// would reach a dead or reused descriptor. The io_context must be run by one thread, and nothing of other threads may
// be registered in it: libcurl sometimes closes a socket before it says so, and a number that was reused by another
// thread would then be taken out of the wrong set.
#include <functional>
#include <memory>
#include <unordered_map>

#include <boost/asio/io_context.hpp>

namespace outaged::net {

class DescriptorWatch {
 public:
  using Ready = std::function<void(int fd, bool readable, bool writable)>;

  DescriptorWatch(boost::asio::io_context& io, Ready ready) : io_(io), ready_(std::move(ready)) {}
  ~DescriptorWatch();
  DescriptorWatch(const DescriptorWatch&) = delete;
  DescriptorWatch& operator=(const DescriptorWatch&) = delete;

  /// From now on `ready` is told whenever the descriptor is ready for what is wanted; neither means drop.
  void want(int fd, bool read, bool write);
  /// Before the descriptor is closed. Unknown descriptors are fine.
  void drop(int fd);

 private:
  struct Watch;
  void wait(const std::shared_ptr<Watch>& watch);

  boost::asio::io_context& io_;
  Ready ready_;
  std::unordered_map<int, std::shared_ptr<Watch>> watches_;
};

}  // namespace outaged::net
