#pragma once
// What the scheduler needs to know of a probe.
#include <compare>
#include <string>

#include "base/clock.hpp"
#include "core/names.hpp"
#include "core/vocabulary.hpp"

namespace outaged::schedule {

/// Whom a probe asks, and as whom: those who are the same in all of it are turned away together. One host may refuse
/// one token and serve another.
struct Target {
  Tier tier = Tier::open;
  std::string host;        ///< "": nobody who could refuse
  std::string credential;  ///< names of the secrets that it signs in with; "" without any
  auto operator<=>(const Target&) const = default;
};

struct Entry {
  ProbeId id;
  Micros interval{0};  ///< > 0
  std::string owner;   ///< who runs the target: owners take turns when probes wait, and each is asked evenly
  Target target = {};  ///< for leaving alone who turned us away
  Micros spacing{0};   ///< two runs begin at least so far apart, whoever asks for them
  bool operator==(const Entry&) const = default;
};

}  // namespace outaged::schedule
