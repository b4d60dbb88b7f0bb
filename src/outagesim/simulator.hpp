#pragma once
// The whole simulator: ports, platforms, name server, control API, and the incident that unfolds. Runs on a thread of
// its own; start() and stop() are called from another.
#include <memory>
#include <string>

#include "base/expected.hpp"
#include "base/json/fault.hpp"
#include "outagesim/options.hpp"

namespace outaged::sim {

class Simulator {
 public:
  explicit Simulator(Options options);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  /// Opens the ports, writes ca.pem, the tokens and the configuration asked for, and, last of all, ready.json. What
  /// ready.json says, or why it cannot run.
  Expected<json::Json, std::string> start();

  /// Closes everything and ends the thread. Idempotent.
  void stop();

 private:
  struct Impl;
  Options options_;
  std::unique_ptr<Impl> impl_;  ///< from start() on
};

}  // namespace outaged::sim
