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
  bool operator==(const Entry&) const = default;
};

}  // namespace outaged::schedule
