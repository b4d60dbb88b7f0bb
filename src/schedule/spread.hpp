#pragma once
// Where the grids of beats begin.
#include <vector>

#include "base/random.hpp"
#include "schedule/entry.hpp"

namespace outaged::schedule {

/// For each entry the time from now to its first beat, in [0, interval). The probes of one interval are evenly spaced
/// over it, and so are, as nearly as that allows, those of each owner among them.
std::vector<Micros> first_beats(const std::vector<Entry>& entries, Random& random);

}  // namespace outaged::schedule
