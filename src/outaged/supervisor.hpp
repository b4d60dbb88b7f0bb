#pragma once
// Supervisor: our side of the protocols of systemd (sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3)), or of
// anything else that speaks them. Without one, everything here does nothing. Main thread.
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "serve/server.hpp"

namespace outaged::daemon {

class Supervisor {
 public:
  /// Takes over what the environment hands down, and clears it, so that no child believes it is meant. The error in
  /// words: sockets of a kind that we do not serve.
  static Expected<Supervisor, std::string> from_environment();

  /// The listening sockets that were handed down. They stay open: a reload listens on them again.
  [[nodiscard]] const serve::Inherited& sockets() const { return inherited_; }

  /// How often alive() is expected; nothing when nobody waits for it.
  [[nodiscard]] std::optional<Micros> watchdog() const { return watchdog_; }

  void ready(const std::string& status) const;
  void reloading() const;
  void stopping() const;
  void alive() const;

 private:
  serve::Inherited inherited_;
  std::optional<Micros> watchdog_;
};

}  // namespace outaged::daemon
