// What one owner runs: its components, and when an outage of them is over.
#include <algorithm>

#include "detect/detector_state.hpp"

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

/// What came back after being away stays away for so many times as long before it is believed to be over.
constexpr int kTimesAway = 2;
/// A share of failures of all that an owner's outage has hit that still is an outage.
constexpr double kLeastShare = 0.08;
/// As how many results the opening counts in that share; all of them when nothing has worked for longer than luck
/// lasts.
constexpr double kOpeningCounts = 2;
constexpr Micros kUnbroken = 3min;
/// Beyond the longest quiet period: for so long a component works until it is over without the rest of its owner.
constexpr Micros kApart = 80min;

/// Sites of the user's own are nobody's family: each is over when it is.
std::string owner_name(const ProbeInfo& probe) {
  if (probe.component.platform == kOwnPlatform) return to_string(probe.component);
  return probe.owner.empty() ? probe.component.platform : probe.owner;
}

}  // namespace

void Detector::State::make_owners() {
  std::map<std::string, std::size_t> known;
  std::vector<ComponentId> ids;
  std::vector<std::string> owners;
  std::vector<bool> several;
  for (std::size_t i = 0; i < judged_.size(); ++i) {
    Judged& judged = judged_[i];
    const ProbeInfo& first = probes_[judged.probes.front()];
    const auto name = owner_name(first);
    judged.owner = known.try_emplace(name, known.size()).first->second;
    judged.interval = first.interval;
    for (const std::size_t probe : judged.probes) judged.interval = std::min(judged.interval, probes_[probe].interval);
    if (judged.owner == owners_.size()) owners_.push_back({name, {}});
    owners_[judged.owner].components.push_back(i);
    ids.push_back(judged.component.id());
    owners.push_back(name);
    several.push_back(std::ranges::any_of(judged.probes, [&](std::size_t probe) {
      return watched_[probe].endpoint != watched_[judged.probes.front()].endpoint;
    }));
  }
  pools_ = make_pools(ids, owners, several);
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    for (const std::size_t member : pools_[i].components) judged_[member].pools.push_back(i);
  }
}

bool Detector::State::has_outage(const Owner& owner) const {
  return std::ranges::any_of(owner.components, [this](std::size_t index) {
    return judged_[index].component.course() != Belief::Course::steady;
  });
}

void Detector::State::begin_outage(Owner& owner, const ComponentFinding& opened) const {
  const bool again = owner.last_bad != Micros::min() && time_.now() - owner.last_bad < settings_.memory;
  owner.away = again ? std::max(owner.away, time_.now() - owner.last_bad) : Micros{0};
  owner.began = time_.now();
  owner.health = ExitTest{kOwnerMemory};
  const Evidence& opening = opened.evidence;
  const auto slow = opening.kinds.find("slow");
  // An outage is opened when more fails than its share would have it, so the opening says little of the share.
  const int bad = opening.failures + (slow == opening.kinds.end() ? 0 : slow->second);
  const int all = std::max(opening.attempts, 1);
  const bool unbroken = bad == all && opened.at - opened.onset >= kUnbroken;
  const double counts = unbroken ? all : std::min<double>(kOpeningCounts, all);
  owner.health.begin(counts * bad / all, counts);
  owner.last_bad = time_.now();
}

/// A component that the outage has hit has been asked once more.
void Detector::State::follow_outage(Owner& owner, const Component& component, double p0, double fresh) const {
  owner.health.add(component.was_bad(), p0, kLeastShare, fresh);
  // While recovering, a failure counts against health, but one alone does not begin the wait anew.
  if (component.course() == Belief::Course::failing && component.was_bad()) fail_again(owner);
}

void Detector::State::fail_again(Owner& owner) const {
  if (owner.last_bad != Micros::min()) owner.away = std::max(owner.away, time_.now() - owner.last_bad);
  owner.last_bad = time_.now();
}

Micros Detector::State::quiet_until(const Owner& owner) const {
  const Micros longest = std::max(settings_.quiet_period, settings_.quiet_longest);
  return owner.last_bad + std::clamp(owner.away * kTimesAway, settings_.quiet_period, longest);
}

/// Whether an owner's outage may be over as far as this component goes.
bool Detector::State::may_end(const Judged& judged) const {
  const Component& component = judged.component;
  if (component.course() == Belief::Course::steady || component.quiet_seen()) return true;
  // What cannot be asked (a token has expired) must not keep open what is over everywhere else.
  const Micros patience = std::max(settings_.quiet_period, judged.interval * kRunsMissed);
  return component.silent_since(time_.now() - patience);
}

/// An owner's outage is over once all that was hit works and nothing of it has failed for long enough.
void Detector::State::end_outages(Decisions& out) {
  for (Owner& owner : owners_) {
    if (owner.last_bad == Micros::min()) continue;
    const auto& all = owner.components;
    const bool quiet = time_.now() >= quiet_until(owner) && owner.health.score() >= settings_.recovery_threshold;
    const auto seen_well = [this](std::size_t index) { return judged_[index].component.quiet_seen(); };
    const auto ends = [this](std::size_t index) { return may_end(judged_[index]); };
    if (quiet && std::ranges::any_of(all, seen_well) && std::ranges::all_of(all, ends)) {
      for (const std::size_t index : all) end_outage(index, out);
    } else {
      end_apart(owner, out);
    }
  }
}

/// What has worked for very long while others of its owner go on failing is over by itself.
void Detector::State::end_apart(const Owner& owner, Decisions& out) {
  const bool others = std::ranges::any_of(owner.components, [this](std::size_t index) {
    return judged_[index].component.course() == Belief::Course::failing;
  });
  if (!others) return;
  for (const std::size_t index : owner.components) {
    const Component& component = judged_[index].component;
    const Micros patience = std::max(settings_.quiet_longest + kApart, judged_[index].interval * kRunsMissed);
    if (component.quiet_seen() && time_.now() - component.last_bad() >= patience) end_outage(index, out);
  }
}

void Detector::State::end_outage(std::size_t index, Decisions& out) {
  Component& component = judged_[index].component;
  if (component.course() != Belief::Course::steady)
    out.findings.emplace_back(component.recover(context(OwnNetwork::fine)));
  forget_evidence(index);
}

void Detector::State::learn_slowness(const Result& result, Watched& probe, Decisions& out) {
  Judged& judged = judged_[probe.group];
  if (!judged.component.is_slow()) return;
  // What the probe's own definition calls too slow does not become usual by lasting.
  if (result.slow) return probe.baseline.forget_lately();
  probe.baseline.learn_lately(result.took, result.at);
  if (!judged.component.slow_for(settings_.new_normal, time_.now())) return;
  bool usual = false;
  for (const std::size_t index : judged.probes) usual = watched_[index].baseline.take_lately() || usual;
  if (!usual) return;
  out.findings.emplace_back(judged.component.accustom(context(OwnNetwork::fine)));
  forget_evidence(probe.group);
}

void Detector::State::forget_evidence(std::size_t index) {
  // What spoke for this outage does not speak for another one.
  crossed_.erase(index);
  for (const std::size_t pool : judged_[index].pools) {
    pools_[pool].test.reset();
    crossed_.erase(judged_.size() + pool);
  }
}

}  // namespace outaged::detect
