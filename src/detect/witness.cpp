#include "detect/witness.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

/// How long a probe's luck lasts in an outage, about (seconds), and how sure that is: the rest of the belief is that
/// every attempt is a new draw.
constexpr double kLuck = 60;
constexpr double kSticky = 0.7;
/// What comes so long after the result before (seconds) is a new witness.
constexpr double kNewWitness = 60;
/// Results over which the base rate is learned, and the weight of the configured rate before there are any.
constexpr double kRateMemory = 6000;
constexpr double kRatePrior = 400;
/// Failures over which it is learned where its failures break, and how many must be seen for half of it to be believed.
constexpr float kBrokeMemory = 50;
constexpr double kBrokePrior = 3;
constexpr double kLowestRate = 0.0015;
constexpr double kHighestRate = 0.02;
/// However noisy our own network is, an outage of everything must stay visible.
constexpr double kMostNoise = 0.5;
/// Of the failures in health, those that begin a blip; and how long half of the blips last (seconds).
constexpr double kBlips = 0.012;
constexpr double kBlipLength = 45;
constexpr double kBlipShape = 1.6;
/// What a repeat says at most to a pool: the first confirms the failure, later ones say nearly nothing.
constexpr double kConfirms = 2.2;
constexpr double kConfirmsJointly = 4.5;
/// Two that repeat at the same time are no blips, neither of them: the second gives back what the first was denied (and
/// so does a third, when it is certain anyway).
constexpr double kGivenBack = kConfirmsJointly - kConfirms;
constexpr double kRepeats = 0.4;

/// How results are saved: two flags, the depth, and from here on the number of the layer; 0: it is not known.
constexpr int kLayerFlag = 64;

double survives(double age) {
  return 1 / (1 + std::pow(age / kBlipLength, kBlipShape));
}

double in_seconds(Micros value) {
  return static_cast<double>(value.count()) / 1e6;
}

}  // namespace

double Witness::base_rate(const Settings& settings) const {
  const double rate = (failures_ + settings.base_failure_rate * kRatePrior) / (attempts_ + kRatePrior);
  return std::clamp(rate, kLowestRate, std::max(kHighestRate, settings.base_failure_rate));
}

double Witness::share_of(Layer layer) const {
  const double all = std::accumulate(broke_.begin(), broke_.end(), kBrokePrior);
  return broke_[static_cast<std::size_t>(layer)] / all;
}

Step Witness::add(const Seen& seen, double noise, bool learning, const Settings& settings) {
  const double rate = base_rate(settings);
  // A network that loses packets makes failures without an answer more likely in health.
  const double p0 = seen.answered ? rate : std::clamp(noise, rate, kMostNoise);
  const double gap = last_known_ == Micros::min() ? 3600 : std::max(0.5, in_seconds(seen.known - last_known_));
  const double redrawn = 1 - std::exp(-gap / kLuck);
  const double age = in_seconds(last_known_ - run_began_);
  double repeats = 0;  // in health: that a failure follows the failure before
  if (run_length_ == 1) repeats = p0 + kBlips * survives(gap);
  if (run_length_ > 1) repeats = std::max(p0, survives(age + gap) / survives(age));
  repeats = std::min(repeats, 0.97);

  Step step;
  step.repeats = seen.failed && run_length_ > 0;
  step.fresh = std::min(1.0, redrawn / (1 - std::exp(-kNewWitness / kLuck)));
  for (std::size_t i = 0; i < EntryTest::kOutageRates.size(); ++i) {
    const double p1 = EntryTest::kOutageRates[i];
    if (p1 <= p0) continue;
    double ratio = 0;
    if (run_length_ == 0) {
      const double fails = std::max(p0, p1 * (kSticky * redrawn + 1 - kSticky));
      ratio = seen.failed ? std::log(fails / p0) : std::log((1 - fails) / (1 - p0));
    } else {
      const double fails = std::min(0.97, kSticky * (1 - redrawn + p1 * redrawn) + (1 - kSticky) * p1);
      ratio =
          seen.failed ? std::max(0.0, std::log(fails / repeats)) : std::min(0.0, std::log((1 - fails) / (1 - repeats)));
    }
    step.alone[i] = ratio;
    const bool confirms = run_length_ == 1;
    step.pooled[i] = step.repeats ? std::min(ratio, confirms ? kConfirms : kRepeats) : ratio;
    step.joint[i] = step.pooled[i];
    if (step.repeats && confirms) step.joint[i] = std::min(ratio, kConfirmsJointly) + kGivenBack;
  }

  const bool begins = seen.failed && run_length_ == 0;
  if (learning && begins) {
    for (float& count : broke_) count *= 1 - 1 / kBrokeMemory;
    broke_[static_cast<std::size_t>(seen.layer)] += 1;
  }
  if (learning) {
    const double keep = 1 - 1 / kRateMemory;
    failures_ = failures_ * keep + (begins ? 1 : 0);
    attempts_ = attempts_ * keep + 1;
  }
  if (begins) run_began_ = seen.known;
  run_length_ = seen.failed ? std::min(run_length_ + 1, 1000) : 0;
  last_known_ = seen.known;
  if (run_length_ > 1) last_repeated_ = seen.known;
  if (seen_.empty()) seen_.reserve(kRemembered);
  if (seen_.size() == kRemembered) seen_.erase(seen_.begin());
  seen_.push_back(seen);
  return step;
}

void Witness::withdraw_since(Micros own) {
  const auto before = seen_.size();
  std::erase_if(seen_, [own](const Seen& one) { return one.known >= own; });
  if (before == seen_.size()) return;
  run_length_ = 0;
  last_repeated_ = Micros::min();
}

nlohmann::json Witness::save() const {
  auto seen = nlohmann::json::array();
  for (const Seen& one : seen_) {
    const int flags = (one.failed ? 1 : 0) + (one.answered ? 2 : 0) + 4 * static_cast<int>(one.depth) +
                      kLayerFlag * (one.layer == Layer::local ? 0 : static_cast<int>(one.layer) + 1);
    seen.push_back({one.known.count(), (one.known - one.began).count(), flags});
  }
  return {failures_,   attempts_,       last_known_.count(),    run_began_.count(),
          run_length_, std::move(seen), last_repeated_.count(), broke_};
}

void Witness::load(const nlohmann::json& saved) {
  const auto micros = [](const nlohmann::json& value) { return Micros{value.get<Micros::rep>()}; };
  failures_ = saved.at(0).get<double>();
  attempts_ = saved.at(1).get<double>();
  last_known_ = micros(saved.at(2));
  run_began_ = micros(saved.at(3));
  run_length_ = saved.at(4).get<int>();
  last_repeated_ = saved.size() > 6 ? micros(saved.at(6)) : Micros::min();
  if (saved.size() > 7) saved.at(7).get_to(broke_);
  seen_.clear();
  for (const auto& one : saved.at(5)) {
    const Micros known = micros(one.at(0));
    const auto flags = one.at(2).get<int>();
    const auto depth = kDepths.at(static_cast<std::size_t>(flags % kLayerFlag >> 2));
    const auto number = flags / kLayerFlag;
    if (flags < 0 || number > static_cast<int>(Layer::local)) throw std::invalid_argument("no such layer");
    const auto layer = number == 0 ? Layer::local : static_cast<Layer>(number - 1);
    seen_.push_back({known - micros(one.at(1)), known, (flags & 1) != 0, (flags & 2) != 0, depth, layer});
    if (seen_.size() > kRemembered) seen_.erase(seen_.begin());
  }
}

}  // namespace outaged::detect
