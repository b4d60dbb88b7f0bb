#pragma once
// The true incidents that detection is judged on: the incident files, and made ones for what no file shows.
#include <string>
#include <vector>

#include "detection/world.hpp"

namespace outaged::bench {

/// `directory`: where the incident files are (config/incidents). Throws when one cannot be read.
std::vector<Truth> scenarios(const std::string& directory);

/// An incident that nobody tuned for: scope, share, layer, length and course by the seed.
Truth surprise(std::uint64_t seed);

}  // namespace outaged::bench
