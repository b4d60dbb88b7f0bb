#pragma once
// What the scheduler needs to know of a probe.
#include <string>

#include "base/clock.hpp"
#include "core/names.hpp"

namespace outaged::schedule {

struct Entry {
  ProbeId id;
  Micros interval{0};  ///< > 0
  std::string owner;   ///< who runs the target: owners take turns when probes wait, and each is asked evenly
  /// Whom it asks, for leaving alone who turned us away: the same text for probes that are refused together.
  std::string target = {};
  Micros spacing{0};  ///< two runs begin at least so far apart, whoever asks for them
  bool operator==(const Entry&) const = default;
};

}  // namespace outaged::schedule
