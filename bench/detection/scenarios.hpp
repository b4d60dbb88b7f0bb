#pragma once
// The true incidents that detection is judged on: those of config/incidents and made ones.
#include <string>
#include <vector>

#include "detection/world.hpp"

namespace outaged::bench {

/// Where a scenario's stream begins, how long it is quiet before and after its incident.
inline constexpr Micros kLeadIn = std::chrono::hours{12};
inline constexpr Micros kLeadOut = std::chrono::hours{4};

std::vector<Truth> scenarios(const std::string& incidents_directory);

}  // namespace outaged::bench
