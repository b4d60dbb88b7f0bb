#pragma once
// The past, summed up: results in buckets of equal length, states by day, availability. Pure.
#include <map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/result.hpp"
#include "store/rows.hpp"

namespace outaged::serve {

/// Results summed up in buckets of equal length. They are added one by one, so that nobody needs to hold them all.
class Buckets {
 public:
  /// One for each `step` from `from` up to `until`.
  Buckets(WallTime from, WallTime until, Micros step);
  /// The hour before `now`, for a small picture.
  static Buckets last_hour(WallTime now);

  /// What began outside is left out.
  void add(const Result& result);

  /// In order, empty ones too: at, attempts, failures, inconclusive, p50_ms, p95_ms (of successes), phases_ms (mean of
  /// successes), layers (failures by layer).
  [[nodiscard]] nlohmann::json form();
  /// {"from", "step_s", "attempts": […], "failures": […], "p50_ms": […]}
  [[nodiscard]] nlohmann::json short_form();

 private:
  struct Bucket {
    int attempts = 0;
    int failures = 0;
    int inconclusive = 0;
    std::vector<Micros> took;  ///< of successes
    PhaseTimes phases;         ///< sum over successes
    std::map<Layer, int> layers;

    void add(const Result& result);
    [[nodiscard]] Micros quantile(double q);
    [[nodiscard]] nlohmann::json form(WallTime at);
  };
  WallTime from_;
  WallTime until_;
  Micros step_;
  std::vector<Bucket> buckets_;
};

/// What one component was over a time, in seconds.
struct Availability {
  double known = 0;                               ///< believed to be anything but unknown
  double down = 0;                                ///< partial_outage or major_outage
  double degraded = 0;                            ///< degraded_performance
  ComponentState peak = ComponentState::unknown;  ///< the worst of it; unknown when nothing is known of any of it
};
/// `intervals`: of that component alone.
Availability availability(const std::vector<store::ComponentInterval>& intervals, WallTime from, WallTime until);

/// The last `count` days, UTC, oldest first: day, peak_state, known_s, down_s, degraded_s.
nlohmann::json days_form(const std::vector<store::ComponentInterval>& intervals, WallTime now, int count);

}  // namespace outaged::serve
