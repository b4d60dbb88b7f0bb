#pragma once
// How many events took place within the last stretch of time. For bounds such as "at most 6 within a minute".
#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/clock.hpp"

namespace outaged::schedule {

class SlidingWindow {
 public:
  void add(Instant now) { events_.push_back(now); }

  /// Events in (now - window, now]. Earlier ones are forgotten for good, so `window` may shrink but not grow in effect.
  std::size_t count(Instant now, Micros window) {
    events_.erase(events_.begin(), std::ranges::find_if(events_, [&](Instant at) { return at > now - window; }));
    return events_.size();
  }

 private:
  std::vector<Instant> events_;  // a handful: at most as many as the bound
};

}  // namespace outaged::schedule
