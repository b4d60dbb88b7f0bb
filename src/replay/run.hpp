#pragma once
// The two ways to replay: every result as it was, or only those that the schedule would have asked for.
#include <cstdint>
#include <string>

#include "base/expected.hpp"
#include "replay/replay.hpp"
#include "replay/source.hpp"
#include "schedule/settings.hpp"

namespace outaged::replay {

struct Rows {
  std::uint64_t read = 0;
  std::uint64_t used = 0;
  std::uint64_t late = 0;  ///< left out: more than five seconds behind an earlier row
};

/// Every result is evidence, in the order in which the results became known.
Rows run_all(ResultSource& source, Replay& replay);

/// The results are what the network would have answered: each probe is asked every `interval` and at the re-checks that
/// detection wants, by the scheduler in simulated time, and answers with the result nearest in time, within five
/// seconds, that has not answered yet. Deterministic.
Rows run_sampled(ResultSource& source, Replay& replay, Micros interval, const schedule::Settings& settings);

}  // namespace outaged::replay
