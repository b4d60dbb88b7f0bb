#pragma once
// Configuration section "incidents": what belongs together, and how long an announcement waits for companions.
#include <map>
#include <string>

#include "base/json/shape.hpp"

namespace outaged::incident {

struct Settings {
  /// The opening announcement waits this long for components that fail at the same time, so that one message names all.
  Micros hold = std::chrono::seconds{25};
  /// After a message about an incident, a change that is worth another one waits this long, so that several that follow
  /// each other are one message. Its end does not wait.
  Micros update_pause = std::chrono::minutes{10};
  /// Components of one owner whose onsets are no further apart belong to one incident.
  Micros correlation_window = std::chrono::minutes{15};
  /// What fails again so soon after its incident was declared over takes that incident up again.
  Micros relapse_window = std::chrono::hours{2};
  /// Platform → owner. Platforms of one owner may share an incident; a platform not named here owns itself.
  std::map<std::string, std::string> owners = {{"whatsapp", "Meta"}, {"instagram", "Meta"}, {"facebook", "Meta"}};
  bool operator==(const Settings&) const = default;
};

const json::Shape<Settings>& settings_shape();

}  // namespace outaged::incident
