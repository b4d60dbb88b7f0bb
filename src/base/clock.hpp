#pragma once
// Time as the project uses it, and the only place that reads a clock (a test enforces it).
//
// Instant    a point on the monotonic clock: for deadlines, intervals and measured durations; never steps.
// WallTime   UTC as people write it: for what is stored and shown; may step when the machine's clock is corrected.
// Both count microseconds. Code that schedules takes the time from a TimerQueue (timer_queue.hpp), which may be
// simulated or compressed; only what measures the real network (src/net) asks MonotonicClock itself.
#include <chrono>

namespace outaged {

using Micros = std::chrono::microseconds;
using WallTime = std::chrono::sys_time<Micros>;

/// The machine's monotonic clock. Satisfies the standard's Clock requirements.
struct MonotonicClock {
  using duration = Micros;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
  static time_point now();
};
using Instant = MonotonicClock::time_point;

/// The machine's idea of UTC, now.
WallTime wall_clock_now();

/// CPU time that this process (all threads) has used so far. For measurements in bench/.
Micros process_cpu_time();
/// The same of the calling thread alone.
Micros thread_cpu_time();

}  // namespace outaged
