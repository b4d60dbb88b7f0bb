#pragma once
// POST /api/v1/user-reports {"component": "whatsapp/media-upload"}: anybody may say that something does not work for
// them. Each address is heard once in ten minutes on a component, and only so often altogether. Of IPv6 a whole /64
// is one address: it is what one household or one machine is given. A "text" is shown to everybody and sent with
// alerts: only those who may change things may say one.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "serve/api.hpp"
#include "serve/gate.hpp"

namespace outaged::serve {

/// Who has reported what lately. One thread.
class ReportLimits {
 public:
  static constexpr Micros kPause = std::chrono::minutes{10};
  static constexpr std::size_t kMostOfOne = 20;        ///< from one address, within the pause
  static constexpr std::size_t kMostAddresses = 4096;  ///< remembered; beyond it nobody new is heard until some age

  /// Whether a report counts.
  bool admit(const std::string& address, const ComponentId& component, WallTime now);

 private:
  std::map<std::string, std::map<ComponentId, WallTime>> heard_;
};

std::vector<Route> user_report_routes(const Daemon& daemon, const std::shared_ptr<Gate>& gate);

}  // namespace outaged::serve
