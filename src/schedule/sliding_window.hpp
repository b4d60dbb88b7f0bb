#pragma once
// How many events took place within the last stretch of time. For bounds such as "at most 6 within a minute".
#include <cstddef>
#include <deque>

#include "base/clock.hpp"

namespace outaged::schedule {

class SlidingWindow {
 public:
  void add(Instant now) { events_.push_back(now); }

  /// Events in (now - window, now]. Earlier ones are forgotten for good, so `window` may shrink but not grow in effect.
  std::size_t count(Instant now, Micros window) {
    while (!events_.empty() && events_.front() <= now - window) events_.pop_front();
    return events_.size();
  }

 private:
  std::deque<Instant> events_;
};

}  // namespace outaged::schedule
