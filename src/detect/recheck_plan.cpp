#include "detect/recheck_plan.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostSiblings = 8;
constexpr std::size_t kMostControls = 12;
/// A new burst of one probe begins no sooner than this after the last one began.
constexpr Micros kBurstGap = 30s;
constexpr Micros kControlGap = 8s;
constexpr Micros kFirstAfter = 300ms;
constexpr Micros kSpread = 400ms;
constexpr Micros kReturnPace = 10s;

}  // namespace

RecheckPlan::RecheckPlan(const Settings& settings, const std::vector<ProbeInfo>& probes)
    : settings_(settings), probes_(probes), bursts_(probes.size()) {
  for (std::size_t i = 0; i < probes.size(); ++i) {
    if (probes[i].component.platform == kControlPlatform && controls_.size() < kMostControls) controls_.push_back(i);
  }
}

Micros RecheckPlan::burst_pause(int left) const {
  return settings_.recheck_pause * (1LL << std::clamp(settings_.rechecks - left, 0, 6));
}

void RecheckPlan::after(std::size_t probe, bool failed, Belief::Course course, Micros now, std::vector<Recheck>& out) {
  const ProbeInfo& info = probes_[probe];
  if (course != Belief::Course::steady) {
    const Micros pace = std::max(settings_.recovery_pace, info.interval / 3);
    if (pace < info.interval) out.push_back({info.id, pace});
    return;
  }
  Burst& burst = bursts_[probe];
  if (failed && burst.left == 0 && (burst.begun == Micros::min() || now - burst.begun >= kBurstGap)) {
    burst = {settings_.rechecks, now};
    ask_siblings(probe, out);
  }
  if (burst.left == 0) return;
  const Micros pause = burst_pause(burst.left);
  --burst.left;
  if (pause < info.interval) out.push_back({info.id, pause});
}

void RecheckPlan::ask_siblings(std::size_t probe, std::vector<Recheck>& out) const {
  const ComponentId& failing = probes_[probe].component;
  std::size_t asked = 0;
  // Beginning behind the probe, so that of many siblings it is not always the same ones.
  for (std::size_t step = 1; step < probes_.size() && asked < kMostSiblings; ++step) {
    const ProbeInfo& other = probes_[(probe + step) % probes_.size()];
    if (other.component.platform == kControlPlatform || other.component.function != failing.function) continue;
    if (failing.platform == kOwnPlatform && other.component != failing) continue;
    out.push_back({other.id, kFirstAfter + kSpread * static_cast<int>(asked)});
    ++asked;
  }
}

void RecheckPlan::ask_controls(Micros now, std::vector<Recheck>& out) {
  Micros first = kFirstAfter;
  if (controls_asked_ != Micros::min()) first = std::max(first, controls_asked_ + kControlGap - now);
  // Asked for already, at a time still to come.
  if (first > kControlGap) return;
  controls_asked_ = now + first;
  for (std::size_t i = 0; i < controls_.size(); ++i) {
    out.push_back({probes_[controls_[i]].id, first + kSpread * static_cast<int>(i)});
  }
}

void RecheckPlan::watch_for_return(std::size_t control, std::vector<Recheck>& out) const {
  if (kReturnPace < probes_[control].interval) out.push_back({probes_[control].id, kReturnPace});
}

nlohmann::json RecheckPlan::save() const {
  return controls_asked_.count();
}
nlohmann::json RecheckPlan::save(std::size_t index) const {
  return {bursts_[index].left, bursts_[index].begun.count()};
}
void RecheckPlan::load(const nlohmann::json& saved) {
  controls_asked_ = Micros{saved.get<Micros::rep>()};
}
void RecheckPlan::load(std::size_t index, const nlohmann::json& saved) {
  bursts_[index] = {saved.at(0).get<int>(), Micros{saved.at(1).get<Micros::rep>()}};
}

}  // namespace outaged::detect
