#pragma once
// What no code of the project does.
#include "architecture/source.hpp"

namespace outaged::architecture {

/// Clocks are read, and the standard's named, in src/base/clock.cpp only; its functions are called only where real time
/// is measured or wired: src/base, src/net, the programs, tests and measurements. All else takes the time as an
/// argument or from a queue.
Complaints check_clocks(const Source& source);

/// No waiting by sleeping, no shell, no catch that does nothing (a comment does nothing).
Complaints check_habits(const Source& source);

}  // namespace outaged::architecture
