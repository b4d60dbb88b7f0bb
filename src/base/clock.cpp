#include "base/clock.hpp"

#include <time.h>

namespace outaged {
namespace {

Micros read(clockid_t id) {
  timespec value{};
  clock_gettime(id, &value);
  return std::chrono::duration_cast<Micros>(std::chrono::seconds{value.tv_sec} +
                                            std::chrono::nanoseconds{value.tv_nsec});
}

}  // namespace

Instant MonotonicClock::now() {
  return Instant{read(CLOCK_MONOTONIC)};
}
WallTime wall_clock_now() {
  return WallTime{read(CLOCK_REALTIME)};
}
Micros process_cpu_time() {
  return read(CLOCK_PROCESS_CPUTIME_ID);
}
Micros thread_cpu_time() {
  return read(CLOCK_THREAD_CPUTIME_ID);
}

}  // namespace outaged
