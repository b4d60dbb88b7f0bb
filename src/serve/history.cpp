#include "serve/history.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "serve/json_forms.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr Micros kRecent = 1h;
constexpr Micros kRecentStep = 2min;
constexpr Micros kDay = 24h;

double seconds(Micros duration) {
  return std::round(std::chrono::duration<double>(duration).count());
}

struct Bucket {
  int attempts = 0;
  int failures = 0;
  int inconclusive = 0;
  std::vector<Micros> took;  ///< of successes
  PhaseTimes phases;         ///< sum over successes
  std::map<Layer, int> layers;

  void add(const Result& result) {
    if (result.result_class == ResultClass::success) {
      ++attempts;
      took.push_back(result.took);
      for (const auto& step : result.steps) phases += step.phases;
    } else if (result.result_class == ResultClass::platform_failure) {
      ++attempts;
      ++failures;
      if (result.failure) ++layers[result.failure->layer];
    } else {
      ++inconclusive;
    }
  }

  /// Nearest rank.
  [[nodiscard]] Micros quantile(double q) {
    const auto rank = static_cast<std::ptrdiff_t>(std::lround(q * static_cast<double>(took.size() - 1)));
    std::ranges::nth_element(took, took.begin() + rank);
    return took[static_cast<std::size_t>(rank)];
  }
};

Json form_of(Bucket& bucket, WallTime at) {
  Json out = {{"at", format_time(at)},       {"attempts", bucket.attempts},
              {"failures", bucket.failures}, {"inconclusive", bucket.inconclusive},
              {"phases_ms", Json::object()}, {"layers", Json::object()}};
  for (const auto& [layer, count] : bucket.layers) out["layers"][std::string{to_string(layer)}] = count;
  if (bucket.took.empty()) return out;
  out["p50_ms"] = milliseconds(bucket.quantile(0.5));
  out["p95_ms"] = milliseconds(bucket.quantile(0.95));
  const auto count = static_cast<std::int64_t>(bucket.took.size());
  for (std::size_t i = 0; i < bucket.phases.of.size(); ++i)
    out["phases_ms"][std::string{to_string(static_cast<Phase>(i))}] = milliseconds(bucket.phases.of[i] / count);
  return out;
}

std::size_t count_of(Micros span, Micros step) {
  return span.count() <= 0 ? 0 : static_cast<std::size_t>((span + step - 1us) / step);
}

}  // namespace

Json buckets_form(const std::vector<Result>& results, WallTime from, WallTime until, Micros step) {
  std::vector<Bucket> buckets(count_of(until - from, step));
  for (const auto& result : results) {
    if (result.at < from || result.at >= until) continue;
    buckets[static_cast<std::size_t>((result.at - from) / step)].add(result);
  }
  Json out = Json::array();
  for (std::size_t i = 0; i < buckets.size(); ++i)
    out.push_back(form_of(buckets[i], from + step * static_cast<std::int64_t>(i)));
  return out;
}

Json recent_form(const std::vector<const Result*>& results, WallTime now) {
  const WallTime from = now - kRecent;
  std::vector<Bucket> buckets(count_of(kRecent, kRecentStep));
  for (const auto* result : results) {
    if (result->at < from || result->at >= now) continue;
    buckets[static_cast<std::size_t>((result->at - from) / kRecentStep)].add(*result);
  }
  Json out = {{"from", format_time(from)},
              {"step_s", seconds(kRecentStep)},
              {"attempts", Json::array()},
              {"failures", Json::array()},
              {"p50_ms", Json::array()}};
  for (auto& bucket : buckets) {
    out["attempts"].push_back(bucket.attempts);
    out["failures"].push_back(bucket.failures);
    out["p50_ms"].push_back(bucket.took.empty() ? Json() : Json(milliseconds(bucket.quantile(0.5))));
  }
  return out;
}

Availability availability(const std::vector<store::ComponentInterval>& intervals, WallTime from, WallTime until) {
  Availability sum;
  for (const auto& interval : intervals) {
    const auto begin = std::max(interval.since, from);
    const auto end = std::min(interval.until.value_or(until), until);
    if (end <= begin || interval.state == ComponentState::unknown) continue;
    const double lasted = std::chrono::duration<double>(end - begin).count();
    sum.known += lasted;
    if (interval.state == ComponentState::partial_outage || interval.state == ComponentState::major_outage)
      sum.down += lasted;
    if (interval.state == ComponentState::degraded_performance) sum.degraded += lasted;
  }
  return sum;
}

Json days_form(const std::vector<store::ComponentInterval>& intervals, WallTime now, int count) {
  Json out = Json::array();
  const WallTime today = std::chrono::floor<std::chrono::days>(now);
  for (int back = count - 1; back >= 0; --back) {
    const WallTime begin = today - kDay * back;
    const auto day = availability(intervals, begin, std::min(begin + kDay, now));
    out.push_back({{"day", format_date(begin)},
                   {"known_s", std::round(day.known)},
                   {"down_s", std::round(day.down)},
                   {"degraded_s", std::round(day.degraded)}});
  }
  return out;
}

}  // namespace outaged::serve
