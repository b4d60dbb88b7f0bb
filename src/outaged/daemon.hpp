#pragma once
// Daemon: all parts wired together, each on its thread (docs/architecture.md, "Threads"). Runs from start() until it is
// destroyed; to take a new configuration, make a new one: everything that matters is in the database.
#include <memory>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "base/obstacle.hpp"
#include "config/configuration.hpp"
#include "serve/server.hpp"

namespace outaged::daemon {

class Daemon {
 public:
  /// Starts everything, or says why it cannot (then nothing runs).
  /// `inherited`: sockets to listen on instead of those that the configuration names.
  static Expected<std::unique_ptr<Daemon>, Obstacle> start(config::Loaded loaded,
                                                           const serve::Inherited& inherited = {});

  /// What it was started with.
  [[nodiscard]] const config::Loaded& configuration() const;

  /// Lets runs under way end (a few seconds at most), writes what is left, ends the threads.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Whether the thread that schedules and probes has come round lately. Any thread.
  [[nodiscard]] bool progressing() const;

  /// Where it listens.
  [[nodiscard]] const std::vector<std::string>& addresses() const;

 private:
  struct Impl;
  explicit Daemon(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::daemon
