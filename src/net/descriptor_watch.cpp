#include "net/descriptor_watch.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

namespace outaged::net {

namespace asio = boost::asio;

struct DescriptorWatch::Watch {
  Watch(asio::io_context& io, int fd) : number(fd), descriptor(io) {}
  int number;
  asio::posix::stream_descriptor descriptor;
  bool want_read = false;
  bool want_write = false;
  bool waiting_read = false;
  bool waiting_write = false;
  bool dead = false;
};

DescriptorWatch::~DescriptorWatch() {
  while (!watches_.empty()) drop(watches_.begin()->first);
}

void DescriptorWatch::want(int fd, bool read, bool write) {
  if (!read && !write) {
    drop(fd);
    return;
  }
  auto& watch = watches_[fd];
  if (!watch) {
    watch = std::make_shared<Watch>(io_, fd);
    boost::system::error_code error;
    watch->descriptor.assign(fd, error);
    if (error) {
      watches_.erase(fd);
      return;
    }
  }
  watch->want_read = read;
  watch->want_write = write;
  wait(watch);
}

void DescriptorWatch::drop(int fd) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) return;
  found->second->dead = true;
  // The number belongs to the library, which closes it: release, never close.
  if (found->second->descriptor.is_open()) found->second->descriptor.release();
  watches_.erase(found);
}

void DescriptorWatch::wait(const std::shared_ptr<Watch>& watch) {
  using Kind = asio::posix::descriptor_base;
  if (watch->want_read && !watch->waiting_read) {
    watch->waiting_read = true;
    watch->descriptor.async_wait(Kind::wait_read, [this, watch](const boost::system::error_code& error) {
      watch->waiting_read = false;
      if (watch->dead || error == asio::error::operation_aborted) return;
      if (watch->want_read) ready_(watch->number, true, false);
      if (!watch->dead) wait(watch);
    });
  }
  if (watch->want_write && !watch->waiting_write) {
    watch->waiting_write = true;
    watch->descriptor.async_wait(Kind::wait_write, [this, watch](const boost::system::error_code& error) {
      watch->waiting_write = false;
      if (watch->dead || error == asio::error::operation_aborted) return;
      if (watch->want_write) ready_(watch->number, false, true);
      if (!watch->dead) wait(watch);
    });
  }
}

}  // namespace outaged::net
