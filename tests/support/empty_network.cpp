#include "support/empty_network.hpp"

#include <cerrno>
#include <cstring>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

namespace outaged::test {

std::string enter_empty_network(const char* address) {
  const auto error_in = [](std::string what) { return std::move(what) + ": " + std::strerror(errno); };
  // Root may have it alone; others get it with a user namespace, which only one thread alone may enter.
  if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return error_in("unshare");
  boost::asio::io_context io;
  boost::asio::ip::udp::socket any(io, boost::asio::ip::udp::v4());
  ifreq up{.ifr_ifrn = {"lo"}, .ifr_ifru = {}};
  up.ifr_flags = IFF_UP;
  if (::ioctl(any.native_handle(), SIOCSIFFLAGS, &up) != 0) return error_in("loopback");
  if (address == nullptr) return {};
  ifreq alias{.ifr_ifrn = {"lo:1"}, .ifr_ifru = {}};
  const boost::asio::ip::udp::endpoint endpoint(boost::asio::ip::make_address(address), 0);
  std::memcpy(&alias.ifr_addr, endpoint.data(), endpoint.size());
  return ::ioctl(any.native_handle(), SIOCSIFADDR, &alias) == 0 ? std::string{} : error_in("address");
}

}  // namespace outaged::test
