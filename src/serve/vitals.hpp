#pragma once
// Vitals: how the daemon itself is, for /readyz and /metrics. A plain value that whoever wires it fills in; what can be
// read from the database is not in it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"

namespace outaged::serve {

/// Counts since the start; `running` and `waiting` are of the moment (src/schedule/scheduler.hpp).
struct ScheduleCounts {
  std::size_t running = 0;
  std::size_t waiting = 0;
  std::uint64_t started = 0;
  std::uint64_t missed_beats = 0;
  std::uint64_t late = 0;
  std::uint64_t given_up = 0;
  std::uint64_t refrained = 0;
  std::uint64_t rechecks = 0;
  std::uint64_t refused_rechecks = 0;
};

struct Vitals {
  bool scheduling = true;  ///< the thread that starts probes has come round lately
  ScheduleCounts schedule;
  store::Writer::Stats store;
};

/// Why the daemon cannot do its work, in one sentence for everybody: no receiver's words, no addresses. "" when it can.
/// A scheduler that stands still, a database that takes nothing, or an outbox that does not drain: messages of a
/// channel wait for longer than it takes to call it a problem, and it is one; or all of them have been due for so long
/// and nobody tries.
std::string trouble_of(const Vitals& vitals, store::Reader& reader, WallTime now);

}  // namespace outaged::serve
