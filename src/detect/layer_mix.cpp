#include "detect/layer_mix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

/// What is assumed of the failures in health before there are any, and how many of them that is worth.
constexpr std::array<double, LayerMix::kLayers> kUsual{0.08, 0.15, 0.06, 0.25, 0.07, 0.06, 0.32, 0.01};
constexpr double kUsualWeight = 30;
/// Failures over which the mix is learned.
constexpr double kMemory = 300;
/// No share is taken for smaller: what has never been seen in health is no proof.
constexpr double kLeast = 0.08;
/// The part of an outage's failures that break where its cause is.
constexpr double kTrue = 0.9;
/// The belief that an outage breaks all over the place.
constexpr double kMixed = 0.15;
/// So many failures of a layer tell all that more of them would.
constexpr std::uint8_t kMostCounted = 50;

std::size_t index(Layer layer) {
  return static_cast<std::size_t>(layer);
}

}  // namespace

LayerMix::LayerMix() {
  share_out();
}

void LayerMix::learn(Layer layer) {
  for (double& count : seen_) count *= 1 - 1 / kMemory;
  seen_[index(layer)] += 1;
  share_out();
}

void LayerMix::share_out() {
  const double all = std::accumulate(seen_.begin(), seen_.end(), kUsualWeight);
  for (std::size_t i = 0; i < kLayers; ++i) {
    shares_[i] = std::max(kLeast, (seen_[i] + kUsual[i] * kUsualWeight) / all);
  }
}

double LayerMix::agreement(const Counts& before, Layer layer, double own) const {
  const int failures = std::accumulate(before.begin(), before.end(), 0);
  if (failures == 0) return 0;
  // The belief in each cause, by how much better than health it explains those before; and that, the next one too.
  double all = kMixed;
  double next = kMixed;
  for (std::size_t cause = 0; cause < kLayers; ++cause) {
    const double share = cause == index(layer) ? std::max(shares_[cause], own) : shares_[cause];
    const double there = kTrue / share + 1 - kTrue;
    const double elsewhere = 1 - kTrue;
    const double explained = before[cause] * std::log(there) + (failures - before[cause]) * std::log(elsewhere);
    const double belief = (1 - kMixed) * share * std::exp(explained);
    all += belief;
    next += belief * (cause == index(layer) ? there : elsewhere);
  }
  return std::log(next / all);
}

double LayerMix::agreement(std::span<const Layer> failures) const {
  Counts before{};
  double sum = 0;
  for (const Layer layer : failures) {
    sum += agreement(before, layer);
    count(before, layer);
  }
  return sum;
}

void LayerMix::count(Counts& counts, Layer layer) {
  auto& one = counts[index(layer)];
  if (one < kMostCounted) ++one;
}

nlohmann::json LayerMix::save() const {
  return seen_;
}

void LayerMix::load(const nlohmann::json& saved) {
  for (std::size_t i = 0; i < seen_.size() && i < saved.size(); ++i) seen_[i] = saved.at(i).get<double>();
  share_out();
}

}  // namespace outaged::detect
