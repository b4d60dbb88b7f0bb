#include "serve/history.hpp"

#include <algorithm>
#include <cmath>

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

std::size_t count_of(Micros span, Micros step) {
  return span.count() <= 0 ? 0 : static_cast<std::size_t>((span + step - 1us) / step);
}

/// From mild to grave. That nothing is known is the mildest: it says nothing.
int gravity(ComponentState state) {
  switch (state) {
    case ComponentState::unknown: return 0;
    case ComponentState::operational: return 1;
    case ComponentState::under_maintenance: return 2;
    case ComponentState::degraded_performance: return 3;
    case ComponentState::partial_outage: return 4;
    case ComponentState::major_outage: return 5;
  }
  return 0;
}

}  // namespace

Buckets::Buckets(WallTime from, WallTime until, Micros step)
    : from_(from), until_(until), step_(step), buckets_(count_of(until - from, step)) {}

Buckets Buckets::last_hour(WallTime now) {
  return {now - kRecent, now, kRecentStep};
}

void Buckets::add(const Result& result) {
  if (result.at >= from_ && result.at < until_)
    buckets_[static_cast<std::size_t>((result.at - from_) / step_)].add(result);
}

Json Buckets::form() {
  Json out = Json::array();
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    out.push_back(buckets_[i].form(from_ + step_ * static_cast<std::int64_t>(i)));
  return out;
}

Json Buckets::short_form() {
  Json out = {{"from", format_time(from_)},
              {"step_s", seconds(step_)},
              {"attempts", Json::array()},
              {"failures", Json::array()},
              {"p50_ms", Json::array()}};
  for (auto& bucket : buckets_) {
    out["attempts"].push_back(bucket.attempts);
    out["failures"].push_back(bucket.failures);
    out["p50_ms"].push_back(bucket.took.empty() ? Json() : Json(milliseconds(bucket.quantile(0.5))));
  }
  return out;
}

void Buckets::Bucket::add(const Result& result) {
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
Micros Buckets::Bucket::quantile(double q) {
  const auto rank = static_cast<std::ptrdiff_t>(std::lround(q * static_cast<double>(took.size() - 1)));
  std::ranges::nth_element(took, took.begin() + rank);
  return took[static_cast<std::size_t>(rank)];
}

Json Buckets::Bucket::form(WallTime at) {
  Json out = {{"at", format_time(at)},        {"attempts", attempts},        {"failures", failures},
              {"inconclusive", inconclusive}, {"phases_ms", Json::object()}, {"layers", Json::object()}};
  for (const auto& [layer, count] : layers) out["layers"][std::string{to_string(layer)}] = count;
  if (took.empty()) return out;
  out["p50_ms"] = milliseconds(quantile(0.5));
  out["p95_ms"] = milliseconds(quantile(0.95));
  const auto count = static_cast<std::int64_t>(took.size());
  for (std::size_t i = 0; i < phases.of.size(); ++i)
    out["phases_ms"][std::string{to_string(static_cast<Phase>(i))}] = milliseconds(phases.of[i] / count);
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
    if (gravity(interval.state) > gravity(sum.peak)) sum.peak = interval.state;
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
                   {"peak_state", to_string(day.peak)},
                   {"known_s", std::round(day.known)},
                   {"down_s", std::round(day.down)},
                   {"degraded_s", std::round(day.degraded)}});
  }
  return out;
}

}  // namespace outaged::serve
