#pragma once
// TimerQueue: the one door to time for everything that waits or schedules. Two implementations:
//   real_timer_queue.hpp       the machine's clock, or a faster copy of it (compressed time for demonstrations)
//   simulated_timer_queue.hpp  jumps from timer to timer; ten hours pass in a moment and every run is alike
// Coroutines wait with sleep_until (sleep.hpp). A queue belongs to one thread; nothing here is locked.
#include <cstdint>
#include <functional>

#include "base/clock.hpp"

namespace outaged {

class TimerQueue {
 public:
  enum class TimerId : std::uint64_t {};
  using Callback = std::function<void()>;

  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  virtual ~TimerQueue() = default;

  /// The queue's present. Within one callback of a simulated queue it does not move.
  [[nodiscard]] virtual Instant now() const = 0;

  /// UTC at the same present.
  [[nodiscard]] virtual WallTime wall_now() const = 0;

  /// Calls `callback` once, on the queue's thread, as soon as now() >= when; never from within at(). Timers of the same
  /// instant fire in the order in which they were set.
  virtual TimerId at(Instant when, Callback callback) = 0;

  /// True when the timer had not fired yet and now never will. Its callback is destroyed.
  virtual bool cancel(TimerId timer) = 0;
};

}  // namespace outaged
