#pragma once
// What probes have learned about their targets, as values: how a step's target answers when it is healthy, and where a
// name led when it last resolved. Kept in the database, so that a restart in the middle of an outage knows it still.
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "core/names.hpp"

namespace outaged {

/// One way in which the target of a step answers.
struct LearnedAnswer {
  ProbeId probe;
  int step = 0;             ///< index in the probe's definition
  std::string fingerprint;  ///< such as "403 text/plain server=proxygen-bolt"
  WallTime first_seen;
  WallTime last_seen;
  std::int64_t times = 0;
  bool healthy = false;  ///< believed to be the target's usual way; false: seen, not yet trusted
  bool operator==(const LearnedAnswer&) const = default;
};

/// Where a name led.
struct KnownAddress {
  std::string host;
  std::string address;  ///< numeric
  WallTime seen;
  bool operator==(const KnownAddress&) const = default;
};

}  // namespace outaged
