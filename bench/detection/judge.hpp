#pragma once
// How well a detector did on a stream whose truth is known.
#include <optional>
#include <vector>

#include "detection/world.hpp"
#include "replay/replay.hpp"

namespace outaged::bench {

/// What a detector showed as one incident.
struct Shown {
  WallTime opened;
  std::optional<WallTime> resolved;
  std::vector<ComponentId> components;
  int messages = 0;
  std::vector<WallTime> all_clears = {};  ///< each time that it was said to be over
};

std::vector<Shown> shown_by(const replay::Record& record);

struct Score {
  std::optional<double> detect;   ///< seconds from the material beginning to the opening; nothing: missed
  std::optional<double> recover;  ///< seconds from the true end to the closing; nothing: never closed
  double covered = 0;             ///< share of the time from the material beginning to the end with an incident open
  int incidents = 0;              ///< that overlap the true one
  int messages = 0;
  int named = 0;  ///< components named
  int right = 0;  ///< of them truly hit
  int hit = 0;
  int all_clears = 0;
  bool early_all_clear = false;  ///< said to be over while more than a tenth still failed
  int strangers = 0;             ///< incidents that have nothing to do with the true one
};

Score judge(const std::vector<Shown>& shown, const Truth& truth);

}  // namespace outaged::bench
