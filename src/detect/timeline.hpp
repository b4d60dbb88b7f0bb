#pragma once
// The detector's own time: how much time has passed, whatever the wall clock does.
//
// All waits and windows of detection are measured here; wall times are only carried along to be shown. A wall clock
// that is set back adds nothing; a leap (suspended machine, stopped daemon, clock set forward) adds at most two
// minutes, because nobody looked meanwhile, and time in which nobody looked must not pass for a quiet period.
#include <algorithm>

#include "base/clock.hpp"

namespace outaged::detect {

class Timeline {
 public:
  /// Results may become known this much out of order; what comes from further back means that the clock was set back.
  static constexpr Micros kDisorder = std::chrono::seconds{30};
  static constexpr Micros kLongestStep = std::chrono::minutes{2};

  Timeline() = default;
  Timeline(Micros elapsed, WallTime wall) : elapsed_(elapsed), wall_(wall), started_(true) {}

  void move_to(WallTime wall) {
    if (!started_ || wall < wall_ - kDisorder) {
      wall_ = wall;
      started_ = true;
    } else if (wall > wall_) {
      elapsed_ += std::min(wall - wall_, kLongestStep);
      wall_ = wall;
    }
  }

  [[nodiscard]] Micros now() const { return elapsed_; }
  [[nodiscard]] WallTime wall() const { return wall_; }
  [[nodiscard]] bool started() const { return started_; }
  /// A wall time of the recent past or near future, in own time.
  [[nodiscard]] Micros at(WallTime wall) const { return elapsed_ + (wall - wall_); }
  [[nodiscard]] WallTime wall_at(Micros own) const { return wall_ + (own - elapsed_); }

 private:
  Micros elapsed_{0};
  WallTime wall_{};
  bool started_ = false;
};

}  // namespace outaged::detect
