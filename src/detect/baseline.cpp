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

double Baseline::lateness(Micros took, WallTime at) const {
  return usual_.seen < kEnough ? 0 : log_of(took) - week_.at(at) - usual_.median;
}

bool Baseline::is_slow(Micros took, WallTime at, double common, const Settings& settings) const {
  const double late = lateness(took, at) - common;
  if (late <= std::max(std::log(settings.slow_factor), kFar * kDeviations * usual_.spread)) return false;
  const double usual = std::exp(usual_.median + week_.at(at));
  return usual * (std::exp(late) - 1) >= static_cast<double>(settings.slow_least.count());
}

void Baseline::Level::learn(double x) {
  seen = std::min(seen + 1, 1e6);
  if (seen == 1) median = x;
  // Quickly at first, as an average does, then at a fixed pace: a quantile by stochastic approximation.
  const double pace = std::max(kPace, 1 / seen) * std::max(spread, 0.05);
  const double off = std::abs(x - median);
  median += 1.5 * pace * (x > median ? 1 : -1);
  spread = std::clamp(spread + pace * (off > spread ? 1 : -1), 0.02, 2.0);
}

void Baseline::learn(Micros took, WallTime at, bool slow) {
  const double hour = week_.at(at);
  const double x = log_of(took) - hour;
  usual_.learn(x);
  forget_lately();
  if (usual_.seen <= kEnough) return;
  const double far = kFar * kDeviations * usual_.spread;
  week_.learn(at, std::clamp(x, usual_.median - far, usual_.median + far) + hour);
  const double keep = 1 - 1 / kSlowMemory;
  slow_ = slow_ * keep + (slow ? 1 : 0);
  judged_ = judged_ * keep + 1;
}

void Baseline::learn_lately(Micros took, WallTime at) {
  lately_.learn(log_of(took) - week_.at(at));
}

bool Baseline::take_lately() {
  if (lately_.seen <= kEnough) return false;
  week_.shift(lately_.median - usual_.median);
  usual_ = lately_;
  forget_lately();
  return true;
}

double Baseline::slow_rate() const {
  return std::clamp((slow_ + kSlowPrior * kSlowPriorRate) / (judged_ + kSlowPrior), kLeastSlow, 0.2);
}

nlohmann::json Baseline::Level::save() const {
  return {median, spread, seen};
}

void Baseline::Level::load(const nlohmann::json& saved) {
  median = saved.at(0).get<double>();
  spread = saved.at(1).get<double>();
  seen = saved.at(2).get<double>();
}

nlohmann::json Baseline::save() const {
  return {usual_.median, usual_.spread, usual_.seen, slow_, judged_, week_.save(), lately_.save()};
}

void Baseline::load(const nlohmann::json& saved) {
  usual_.load(saved);
  slow_ = saved.at(3).get<double>();
  judged_ = saved.at(4).get<double>();
  // Saved before there were weekly curves.
  if (saved.size() <= 5) return;
  week_.load(saved.at(5));
  lately_.load(saved.at(6));
}

}  // namespace outaged::detect
