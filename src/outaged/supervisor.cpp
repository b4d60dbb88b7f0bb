#include "outaged/supervisor.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

namespace outaged::daemon {
namespace {

/// systemd reads the monotonic clock in microseconds, as we do.
std::int64_t monotonic_microseconds() {
  return MonotonicClock::now().time_since_epoch().count();
}

}  // namespace

Expected<Supervisor, std::string> Supervisor::from_environment() {
  Supervisor out;
  const int count = ::sd_listen_fds(1);
  for (int i = 0; i < count; ++i) {
    const int descriptor = SD_LISTEN_FDS_START + i;
    if (::sd_is_socket(descriptor, AF_UNIX, SOCK_STREAM, 1) > 0) {
      out.inherited_.local = descriptor;
    } else if (::sd_is_socket(descriptor, AF_INET, SOCK_STREAM, 1) > 0 ||
               ::sd_is_socket(descriptor, AF_INET6, SOCK_STREAM, 1) > 0) {
      out.inherited_.tcp = descriptor;
    } else {
      return Unexpected{fmt::format(
          "the supervisor handed down descriptor {}, which is no listening TCP or Unix socket", descriptor)};
    }
  }
  std::uint64_t interval = 0;
  if (::sd_watchdog_enabled(1, &interval) > 0 && interval > 0)
    out.watchdog_ = Micros{static_cast<std::int64_t>(interval / 2)};
  return out;
}

void Supervisor::ready(const std::string& status) const {
  ::sd_notify(0, fmt::format("READY=1\nSTATUS={}", status).c_str());
}

void Supervisor::reloading() const {
  ::sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_microseconds()).c_str());
}

void Supervisor::stopping() const {
  ::sd_notify(0, "STOPPING=1");
}

void Supervisor::alive() const {
  ::sd_notify(0, "WATCHDOG=1");
}

}  // namespace outaged::daemon
