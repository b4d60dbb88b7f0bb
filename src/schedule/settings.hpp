#pragma once
// Configuration section "schedule": how many runs at once, how regular, and how many quick re-checks.
#include <cstdint>
#include <map>
#include <string>

#include "base/json/shape.hpp"

namespace outaged::schedule {

/// Bounds of the quick re-checks that detection asks for.
struct RecheckSettings {
  Micros window = std::chrono::minutes{1};
  std::int64_t per_probe = 6;  ///< within the window
  std::int64_t total = 300;    ///< within the window, over all probes
  double jitter = 0.25;        ///< at most this share of the delay asked for is added at random
};

/// What may be asked of one owner's targets per hour; 0: no bound.
struct Budget {
  std::uint64_t requests = 0;
  Bytes bytes{0};
  bool operator==(const Budget&) const = default;
};

struct Settings {
  std::int64_t max_running = 512;
  double jitter = 0.05;  ///< a run comes at most this share of the interval after its beat
  /// A run that has not answered for so long no longer counts as running.
  Micros give_up_after = std::chrono::minutes{10};
  RecheckSettings recheck;
  /// Not from this section of the configuration but from "network", where people look for them.
  Budget budget;
  std::map<std::string, Budget> budgets;  ///< by owner, where another one holds
};

const json::Shape<Settings>& settings_shape();

}  // namespace outaged::schedule
