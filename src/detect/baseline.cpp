#include "detect/baseline.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

/// Answers needed before anything is called slow.
constexpr double kEnough = 40;
/// For a normal distribution the standard deviation is this many median absolute deviations.
constexpr double kDeviations = 1.4826;
constexpr double kFar = 2.6;
constexpr double kPace = 0.006;  ///< how fast median and spread follow, in spreads an answer
constexpr double kSlowMemory = 3000;
constexpr double kSlowPrior = 100;
constexpr double kSlowPriorRate = 0.02;
/// Slow answers come in company; fewer than this would make a chance row of them look like more than it is.
constexpr double kLeastSlow = 0.015;

double log_of(Micros took) {
  return std::log(static_cast<double>(std::max<Micros::rep>(took.count(), 1)));
}

}  // namespace

double Baseline::lateness(Micros took) const {
  return seen_ < kEnough ? 0 : log_of(took) - median_;
}

bool Baseline::is_slow(Micros took, double common, const Settings& settings) const {
  const double late = lateness(took) - common;
  if (late <= std::max(std::log(settings.slow_factor), kFar * kDeviations * spread_)) return false;
  return std::exp(median_) * (std::exp(late) - 1) >= static_cast<double>(settings.slow_least.count());
}

void Baseline::learn(Micros took, bool slow) {
  const double x = log_of(took);
  seen_ = std::min(seen_ + 1, 1e6);
  if (seen_ == 1) median_ = x;
  // Quickly at first, as an average does, then at a fixed pace: a quantile by stochastic approximation.
  const double pace = std::max(kPace, 1 / seen_) * std::max(spread_, 0.05);
  const double off = std::abs(x - median_);
  median_ += 1.5 * pace * (x > median_ ? 1 : -1);
  spread_ = std::clamp(spread_ + pace * (off > spread_ ? 1 : -1), 0.02, 2.0);
  if (seen_ <= kEnough) return;
  const double keep = 1 - 1 / kSlowMemory;
  slow_ = slow_ * keep + (slow ? 1 : 0);
  judged_ = judged_ * keep + 1;
}

double Baseline::slow_rate() const {
  return std::clamp((slow_ + kSlowPrior * kSlowPriorRate) / (judged_ + kSlowPrior), kLeastSlow, 0.2);
}

nlohmann::json Baseline::save() const {
  return {median_, spread_, seen_, slow_, judged_};
}

void Baseline::load(const nlohmann::json& saved) {
  median_ = saved.at(0).get<double>();
  spread_ = saved.at(1).get<double>();
  seen_ = saved.at(2).get<double>();
  slow_ = saved.at(3).get<double>();
  judged_ = saved.at(4).get<double>();
}

}  // namespace outaged::detect
