#pragma once
// Our gateway while our own network was down: tells a fault of our own from one of our provider's. It judges nothing; a
// gateway that has never answered, as many do to strangers, says nothing. Pure.
#include <optional>
#include <string>

#include "core/result.hpp"

namespace outaged::incident {

class GatewayWatch {
 public:
  /// A result of the component kGateway; those of others are passed over.
  void take(const Result& result);
  /// Our own network is down, since then.
  void lost(WallTime since);
  /// A sentence on where the trouble was, in the past; empty when the gateway says nothing on it.
  [[nodiscard]] std::string sentence() const;

 private:
  struct Answer {
    WallTime at;
    bool reached = false;
  };
  void count(const Answer& answer);

  bool ever_ = false;  ///< reached
  std::optional<Answer> last_;
  std::optional<WallTime> lost_;
  int reached_ = 0;  ///< since then
  int missed_ = 0;
};

}  // namespace outaged::incident
