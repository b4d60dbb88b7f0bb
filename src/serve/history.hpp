#pragma once
// The past, summed up: results in buckets of equal length, states by day, availability. Pure.
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/result.hpp"
#include "store/rows.hpp"

namespace outaged::serve {

/// One bucket for each `step` from `from` up to `until`, in order: attempts, failures, inconclusive, p50_ms, p95_ms
/// (of successes), phases_ms (mean of successes), layers (failures by layer). Empty buckets are there too.
nlohmann::json buckets_form(const std::vector<Result>& results, WallTime from, WallTime until, Micros step);

/// The last hour for a small picture: {"from", "step_s", "attempts": […], "failures": […], "p50_ms": […]}.
nlohmann::json recent_form(const std::vector<const Result*>& results, WallTime now);

/// What one component was over a time, in seconds.
struct Availability {
  double known = 0;     ///< believed to be anything but unknown
  double down = 0;      ///< partial_outage or major_outage
  double degraded = 0;  ///< degraded_performance
};
/// `intervals`: of that component alone.
Availability availability(const std::vector<store::ComponentInterval>& intervals, WallTime from, WallTime until);

/// The last `count` days, UTC, oldest first: day, down_s, degraded_s, known_s.
nlohmann::json days_form(const std::vector<store::ComponentInterval>& intervals, WallTime now, int count);

}  // namespace outaged::serve
