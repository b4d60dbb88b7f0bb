#pragma once
// outagectl's side of the daemon's Unix socket: one request, one answer.
#include <string>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/expected.hpp"

namespace outaged::ctl {

/// Why there is no answer.
struct Unreachable {
  std::string reason;
  /// True when nothing answers on the socket (no daemon); false when a daemon answered badly or too late.
  bool no_daemon = true;
  bool denied = false;  ///< this user may not use the socket
};

struct Answer {
  unsigned status = 0;
  nlohmann::json body;
};

class DaemonClient {
 public:
  explicit DaemonClient(std::string socket_path) : socket_path_(std::move(socket_path)) {}

  /// Sends one request and waits for the whole answer, at most `timeout`.
  [[nodiscard]] Expected<Answer, Unreachable> request(const std::string& method, const std::string& target,
                                                      Micros timeout = std::chrono::seconds{10},
                                                      const std::string& body = {}) const;

 private:
  std::string socket_path_;
};

}  // namespace outaged::ctl
