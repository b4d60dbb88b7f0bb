#pragma once
// Everything real: the simulator, the daemon, a receiver for its messages, each a program or a server on free loopback
// ports, in a folder that goes away. The daemon's time passes `speed` times as fast; network time-outs stay real.
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "support/process.hpp"
#include "support/receiver.hpp"
#include "support/temporary_directory.hpp"

namespace outaged::test {

class Stack {
 public:
  explicit Stack(double speed = 30);
  ~Stack();

  void start_daemon();
  /// SIGKILL, as a crash or the kernel would.
  void kill_daemon();
  /// SIGTERM, and the exit code.
  int stop_daemon();
  Process& daemon() { return *daemon_; }

  /// Tells the simulator; `path` as in src/outagesim/control_api.hpp.
  void simulate(const std::string& path, const nlohmann::json& what) const;

  /// How many things of a kind the simulated platforms keep: "whatsapp_media", "photos" …
  [[nodiscard]] int stored(const std::string& kind) const;

  /// `outagectl ARGUMENTS`, against this daemon or its database.
  [[nodiscard]] Outcome ctl(const std::vector<std::string>& arguments) const;
  [[nodiscard]] nlohmann::json status() const;
  [[nodiscard]] nlohmann::json incidents() const;
  [[nodiscard]] std::string state_of(const std::string& component) const;

  /// Looks until it holds; at most two minutes. Prints what the programs logged when it does not.
  bool eventually(const std::function<bool()>& condition);
  /// All components operational.
  bool becomes_healthy();

  Receiver& receiver() { return receiver_; }
  [[nodiscard]] std::string log() const { return daemon_->log(); }
  [[nodiscard]] std::string config_file() const { return directory_ / "config.json"; }
  [[nodiscard]] std::string database() const { return directory_ / "data/outaged.db"; }
  void configure(const std::function<void(nlohmann::json&)>& change);

 private:
  TemporaryDirectory directory_;
  Receiver receiver_;
  std::string control_;
  std::unique_ptr<Process> simulator_;
  std::unique_ptr<Process> daemon_;
};

/// Path of one of the programs.
std::string program(const std::string& name);

}  // namespace outaged::test
