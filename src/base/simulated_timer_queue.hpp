#pragma once
// Simulated time: nothing waits. run_until() jumps from timer to timer, so ten hours of probes pass in a moment and two
// runs are alike to the byte.
#include "base/timer_entries.hpp"

namespace outaged {

class SimulatedTimerQueue final : public TimerQueue {
 public:
  explicit SimulatedTimerQueue(WallTime start) : start_(start) {}

  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override { return start_ + now_.time_since_epoch(); }
  TimerId at(Instant when, Callback callback) override { return entries_.add(when, std::move(callback)); }
  bool cancel(TimerId timer) override { return entries_.remove(timer); }

  /// Fires every timer that is due up to `end`, in order, then sets the present to `end`. `settle`, when given, is
  /// called before each jump in time and after the last: drain an io_context there.
  void run_until(Instant end, const std::function<void()>& settle = {}) {
    for (;;) {
      if (settle) settle();
      const auto earliest = entries_.earliest();
      if (!earliest || *earliest > end) break;
      now_ = std::max(now_, *earliest);
      if (auto callback = entries_.pop_due(now_)) callback();
    }
    now_ = std::max(now_, end);
  }
  void run_for(Micros duration, const std::function<void()>& settle = {}) { run_until(now_ + duration, settle); }

 private:
  TimerEntries entries_;
  Instant now_{};
  WallTime start_;
};

}  // namespace outaged
