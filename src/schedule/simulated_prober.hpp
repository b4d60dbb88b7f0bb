#pragma once
// A prober that asks nobody: answers come from a function and take as long as they say, in the queue's time. For
// replays of recorded results and for tests.
#include <utility>

#include "base/timer_queue.hpp"
#include "schedule/prober.hpp"

namespace outaged::schedule {

class SimulatedProber final : public Prober {
 public:
  /// The result of a run that begins at `at`; the queue is held up by its `took`. Nothing ends the run at once without
  /// a result.
  using Answer = std::function<std::optional<Result>(std::size_t index, Trigger trigger, WallTime at)>;

  /// `queue` must outlive the prober.
  SimulatedProber(TimerQueue& queue, Answer answer) : queue_(queue), answer_(std::move(answer)) {}

  void run(std::size_t index, Trigger trigger, Done done) override {
    auto result = answer_(index, trigger, queue_.wall_now());
    const Instant end = queue_.now() + (result ? result->took : Micros{0});
    queue_.at(end, [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
  }

 private:
  TimerQueue& queue_;
  Answer answer_;
};

}  // namespace outaged::schedule
