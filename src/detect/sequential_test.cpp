#include "detect/sequential_test.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

/// More evidence of health than this is not kept: what begins again is seen soon.
constexpr double kMostHealth = 12;

}  // namespace

EntryTest::Increments EntryTest::ratios(bool bad, double p0) {
  Increments out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double p1 = std::max(kOutageRates[i], p0);
    out[i] = bad ? std::log(p1 / p0) : std::log((1 - p1) / (1 - p0));
  }
  return out;
}

void EntryTest::add(const Increments& ratios, bool bad, double most, Moment when) {
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    if (bad && ratios[i] > 0 && sums_[i] <= 0) first_bad_[i] = when;
    sums_[i] = std::clamp(sums_[i] + ratios[i], 0.0, most);
    if (sums_[i] <= 0) layers_[i] = {};
  }
}

void EntryTest::add_failure(const Increments& ratios, double most, Moment when, Layer layer, double own,
                            const LayerMix& usual) {
  Increments weighed = ratios;
  for (std::size_t i = 0; i < weighed.size(); ++i) {
    if (weighed[i] <= 0) continue;
    weighed[i] = std::max(0.0, weighed[i] + usual.agreement(layers_[i], layer, own));
    LayerMix::count(layers_[i], layer);
  }
  add(weighed, true, most, when);
}

std::size_t EntryTest::leader() const {
  return static_cast<std::size_t>(std::ranges::max_element(sums_) - sums_.begin());
}

std::optional<Moment> EntryTest::onset() const {
  const auto best = leader();
  if (sums_[best] <= 0) return std::nullopt;
  return first_bad_[best];
}

nlohmann::json EntryTest::save() const {
  auto out = nlohmann::json::array();
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    out.push_back({sums_[i], first_bad_[i].own.count(), first_bad_[i].wall.time_since_epoch().count()});
    if (sums_[i] > 0) out.back().push_back(layers_[i]);
  }
  return out;
}

void EntryTest::load(const nlohmann::json& saved) {
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    const auto& one = saved.at(i);
    sums_[i] = one.at(0).get<double>();
    first_bad_[i] = {Micros{one.at(1).get<Micros::rep>()}, WallTime{Micros{one.at(2).get<Micros::rep>()}}};
    layers_[i] = one.size() > 3 ? one.at(3).get<LayerMix::Counts>() : LayerMix::Counts{};
  }
}

void ExitTest::begin(double bad, double all) {
  score_ = 0;
  bad_ = bad;
  all_ = all;
}

double ExitTest::assumed_share(double floor) const {
  // Mean less 1.3 standard deviations of the Beta posterior with Jeffreys' prior: about its 10 % quantile.
  const double a = bad_ + 0.5;
  const double b = all_ - bad_ + 0.5;
  const double mean = a / (a + b);
  const double deviation = std::sqrt(mean * (1 - mean) / (a + b + 1));
  return std::clamp(mean - 1.3 * deviation, floor, 0.95);
}

void ExitTest::add(bool bad, double p0, double floor, double fresh) {
  const double q = assumed_share(floor);
  const double healthy = std::min(p0, q);
  const double step = bad ? std::max(fresh, 0.5) * std::log(healthy / q) : fresh * std::log((1 - healthy) / (1 - q));
  score_ = std::clamp(score_ + step, 0.0, kMostHealth);
  const double keep = 1 - fresh / memory_;
  bad_ = bad_ * keep + (bad ? fresh : 0);
  all_ = all_ * keep + fresh;
}

nlohmann::json ExitTest::save() const {
  return {score_, bad_, all_};
}

void ExitTest::load(const nlohmann::json& saved) {
  score_ = saved.at(0).get<double>();
  bad_ = saved.at(1).get<double>();
  all_ = saved.at(2).get<double>();
}

}  // namespace outaged::detect
