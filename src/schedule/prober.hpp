#pragma once
// The seam between when and what: the scheduler decides that a probe runs now, a Prober runs it. The daemon's prober
// asks the network; the simulated one (simulated_prober.hpp) answers from a table in simulated time.
#include <cstddef>
#include <functional>
#include <optional>

#include "core/result.hpp"

namespace outaged::schedule {

class Prober {
 public:
  /// The run's result; nothing when the run was given up without one (the program ends, a replay has no such row).
  using Done = std::function<void(std::optional<Result>)>;

  Prober() = default;
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;
  virtual ~Prober() = default;

  /// Runs a probe once. `index` is its place in the list last given to Scheduler::replace; a run under way keeps what
  /// it needs when that list changes. Calls `done` exactly once, on the queue's thread, also from within run().
  virtual void run(std::size_t index, Trigger trigger, Done done) = 0;
};

}  // namespace outaged::schedule
