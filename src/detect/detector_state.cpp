#include "detect/detector_state.hpp"

#include <algorithm>

#include "detect/evidence.hpp"

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

/// No test opens an outage on failures that are older than this.
constexpr Micros kFresh = 3min;
/// A pool's outage names the components that have failed since it began: at once with this much evidence of their own,
/// later, when a chance failure is likelier among them, with more.
constexpr double kNamed = 3.0;
constexpr double kNamedLater = 5.0;
constexpr Micros kAtOnce = 4min;
/// What failed without an answer and works again for so long has passed by itself.
constexpr Micros kPassed = 45s;
/// So many failures in a row make an unbroken one.
constexpr int kUnbroken = 4;
/// Sums of pools are kept below their threshold and this.
constexpr double kOvershoot = 3;
/// Weight of the latest gap between two failures.
constexpr double kGapWeight = 0.35;
constexpr double kShortestGap = 10;

bool answered(Layer layer) {
  return layer == Layer::http || layer == Layer::api || layer == Layer::content;
}

}  // namespace

Detector::State::State(Settings settings, const std::vector<ProbeInfo>& probes)
    : settings_(settings), probes_(probes), plan_(settings_, probes_) {
  std::map<ComponentId, std::size_t> components;
  std::map<std::string, std::size_t> endpoints;
  std::map<std::string, std::size_t> controls;
  for (const ProbeInfo& probe : probes_) {
    if (probe.component.platform != kControlPlatform) components.emplace(probe.component, 0);
  }
  for (auto& [id, index] : components) {
    index = judged_.size();
    judged_.push_back({Component{id}, {}, {}, 0});
  }
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const ProbeInfo& probe = probes_[i];
    const auto& host = probe.endpoint.empty() ? probe.id.name : probe.endpoint;
    const bool control = probe.component.platform == kControlPlatform;
    const auto endpoint = endpoints.try_emplace(host, endpoints.size()).first->second;
    const auto group =
        control ? controls.try_emplace(host, controls.size()).first->second : components.at(probe.component);
    names_.push_back(probe.id);
    index_of_.emplace(probe.id.name, i);
    watched_.push_back({group, endpoint, control, false, {}, {}, ProblemWatch{probe.id, probe.component}});
    if (control) control_round_ = std::max(control_round_, probe.interval + probe.interval / 4);
    if (!control) judged_[group].probes.push_back(i);
  }
  site_ = SiteWatch{controls.size()};
  control_round_ = std::max(control_round_, settings_.control_wait);
  make_owners();
}

void Detector::State::make_owners() {
  std::map<std::string, std::size_t> known;
  std::vector<ComponentId> ids;
  std::vector<std::string> owners;
  std::vector<bool> several;
  for (std::size_t i = 0; i < judged_.size(); ++i) {
    Judged& judged = judged_[i];
    const ProbeInfo& first = probes_[judged.probes.front()];
    const auto& name = first.owner.empty() ? first.component.platform : first.owner;
    judged.owner = known.try_emplace(name, known.size()).first->second;
    if (judged.owner == owners_.size()) owners_.push_back({name, {}, Micros::min(), 0});
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

Decisions Detector::State::observe(const Result& result) {
  Decisions out;
  const auto found = index_of_.find(result.probe.name);
  if (found == index_of_.end()) return out;
  time_.move_to(result.known_at());
  const std::size_t index = found->second;
  Watched& probe = watched_[index];

  // A control proves the way, not the host: any failure of it may be the way's.
  const Meaning meaning = meaning_of(result, probe.proven || probe.control);
  if (meaning.problem) {
    probe.problem.seen(*meaning.problem, result.failure ? result.failure->detail : std::string{}, result.known_at(),
                       time_.wall(), out.findings);
  }
  if (meaning.says == Meaning::Says::healthy) {
    probe.proven = true;
    probe.problem.solved(time_.wall(), out.findings);
  }
  if (probe.control) {
    on_control(probe, index, result, out);
  } else if (meaning.says != Meaning::Says::nothing) {
    on_platform(probe, index, result, meaning.says == Meaning::Says::failing, out);
  }
  settle(out);
  return out;
}

void Detector::State::on_control(const Watched& probe, std::size_t index, const Result& result, Decisions& out) {
  if (result.result_class == ResultClass::our_fault) return;
  // Refused for our sake (blocked) is an answer all the same: the way there works.
  const bool reached = result.result_class == ResultClass::success || result.result_class == ResultClass::blocked;
  const Moment known{time_.at(result.known_at()), result.known_at()};
  watched_[index].witness.add({known.own - result.took, known.own, !reached, false}, 0, false, settings_);
  const SiteTurn turn = site_.add(probe.group, reached, known.own - result.took, known);
  if (turn == SiteTurn::lost) lose_site(out);
  if (turn == SiteTurn::back) regain_site(out);
  if (!site_.online()) {
    plan_.watch_for_return(index, out.rechecks);
  } else if (!reached) {
    plan_.ask_controls(time_.now(), out.rechecks);
  }
}

void Detector::State::on_platform(Watched& probe, std::size_t index, const Result& result, bool failed,
                                  Decisions& out) {
  Observation observation;
  observation.probe = index;
  observation.known = time_.at(result.known_at());
  observation.began = observation.known - result.took;
  observation.at = result.at;
  observation.failed = failed;
  observation.slow = !failed && result.slow;
  if (failed && result.failure) {
    observation.layer = result.failure->layer;
    observation.kind = result.failure->kind;
    observation.detail = result.failure->detail;
  }
  if (!site_.online() || (failed && observation.began < grace_until_)) return;

  Judged& judged = judged_[probe.group];
  const bool steady = judged.component.course() == Belief::Course::steady;
  if (!failed && probe.baseline.is_slow(result.took, settings_)) observation.slow = true;
  const double slow_rate = probe.baseline.slow_rate();
  if (!failed && steady) probe.baseline.learn(result.took, observation.slow);
  const Witness::Seen seen{observation.began, observation.known, failed, failed && answered(observation.layer)};
  const Step step = probe.witness.add(seen, site_.noise(), steady, settings_);

  const Moment when{observation.known, observation.at};
  for (const std::size_t index_of_pool : judged.pools) {
    Pool& pool = pools_[index_of_pool];
    pool.test.add(step.pooled, failed, settings_.pool_threshold + kOvershoot, when);
    cross(judged_.size() + index_of_pool, pool.test.score(), settings_.pool_threshold);
  }
  auto finding = judged.component.add(observation, step.alone, probe.witness.base_rate(settings_), slow_rate,
                                      context(OwnNetwork::fine));
  cross(probe.group, judged.component.failures().score(), settings_.join_threshold);
  if (judged.component.course() != Belief::Course::steady && judged.component.was_bad())
    note_bad(owners_[judged.owner]);
  if (finding) out.findings.emplace_back(*std::move(finding));
  plan_.after(index, failed, judged.component.course(), time_.now(), out.rechecks);
  if (failed && site_.checked()) plan_.ask_controls(time_.now(), out.rechecks);
}

void Detector::State::lose_site(Decisions& out) {
  out.findings.emplace_back(site());
  // What failed since the controls were last all asked and well may be our own network's.
  const Micros since = site_.since().own - control_round_;
  for (Judged& judged : judged_) out.findings.emplace_back(judged.component.obscure(since, context(OwnNetwork::fine)));
  for (Watched& probe : watched_) probe.witness.withdraw_since(since);
  for (Pool& pool : pools_) pool.test.reset();
  crossed_.clear();
}

void Detector::State::regain_site(Decisions& out) {
  grace_until_ = time_.now() + settings_.grace;
  out.findings.emplace_back(site());
  for (Judged& judged : judged_) out.findings.emplace_back(judged.component.reveal(context(OwnNetwork::fine)));
  // What happened meanwhile is not known: no gap.
  for (Owner& owner : owners_) {
    if (has_outage(owner)) owner.last_bad = time_.now();
  }
}

/// Everything that new results or passed time have made decidable.
void Detector::State::settle(Decisions& out) {
  if (!site_.online()) return;
  if (!crossed_.empty()) open_crossed(out);
  end_outages(out);
}

void Detector::State::cross(std::size_t test, double score, double threshold) {
  if (score < threshold) {
    crossed_.erase(test);
  } else {
    crossed_.try_emplace(test, time_.now());
  }
}

void Detector::State::open_crossed(Decisions& out) {
  // Pools first: they name all components that are hit, and join those that follow.
  const Crossed now = crossed_;
  for (auto test = now.rbegin(); test != now.rend(); ++test) {
    if (test->first >= judged_.size()) {
      open_pool(test->first - judged_.size(), test->second, out);
    } else {
      open_alone(test->first, test->second, out);
    }
  }
}

void Detector::State::open_pool(std::size_t index, Micros since, Decisions& out) {
  Pool& pool = pools_[index];
  const auto onset = pool.test.onset();
  if (!onset) return;
  const auto failed_since = [this, &onset](std::size_t member) {
    const Component& component = judged_[member].component;
    return component.may_open() && component.last_failed() >= onset->own;
  };
  const auto last = std::ranges::max(pool.components, {}, [this](std::size_t member) {
    return judged_[member].component.last_failed();
  });
  if (!std::ranges::any_of(pool.components, failed_since)) return;
  if (time_.now() - judged_[last].component.last_failed() > kFresh) return;
  const Verdict found = verdict(pool.components, onset->own, since);
  if (found.passed) {
    pool.test.reset();
    for (const std::size_t member : pool.components) {
      if (judged_[member].component.course() == Belief::Course::steady) judged_[member].component.dismiss();
    }
  }
  if (!found.theirs) return;
  const bool joining = has_outage(owners_[judged_[pool.components.front()].owner]);
  const double enough = joining                                   ? settings_.join_threshold
                        : time_.now() - onset->own < kAtOnce ? kNamed
                                                                  : kNamedLater;
  std::vector<std::size_t> hit;
  for (const std::size_t member : pool.components) {
    if (failed_since(member) && judged_[member].component.failures().score() >= enough) hit.push_back(member);
  }
  for (const std::size_t member : hit) open(member, found.own_network, out);
}

void Detector::State::open_alone(std::size_t index, Micros since, Decisions& out) {
  const Judged& judged = judged_[index];
  const Component& component = judged.component;
  const auto onset = component.failures().onset();
  if (!onset || !component.may_open() || time_.now() - component.last_failed() > kFresh) return;
  const bool enough = has_outage(owners_[judged.owner]) ||
                      (component.failures().score() >= settings_.entry_threshold &&
                       component.last_failed() - onset->own >= settings_.lone_span) ||
                      outlasts_a_blip(judged);
  if (!enough) return;
  const Verdict found = verdict({index}, onset->own, since);
  if (found.passed) judged_[index].component.dismiss();
  if (found.theirs) open(index, found.own_network, out);
}

bool Detector::State::outlasts_a_blip(const Judged& judged) const {
  return std::ranges::any_of(judged.probes, [this](std::size_t probe) {
    const Witness& witness = watched_[probe].witness;
    return witness.failures_in_a_row() >= kUnbroken && witness.failing_for() >= settings_.lone_span;
  });
}

void Detector::State::open(std::size_t index, OwnNetwork own_network, Decisions& out) {
  Judged& judged = judged_[index];
  Owner& owner = owners_[judged.owner];
  if (!has_outage(owner)) {
    const bool again = owner.last_bad != Micros::min() && time_.now() - owner.last_bad < settings_.memory;
    const double away = again ? static_cast<double>((time_.now() - owner.last_bad).count()) / 2e6 : 0;
    owner.gap = std::max(again ? owner.gap : kShortestGap, away);
  }
  owner.last_bad = time_.now();
  out.findings.emplace_back(judged.component.open(context(own_network)));
  crossed_.erase(index);
}

bool Detector::State::has_outage(const Owner& owner) const {
  return std::ranges::any_of(owner.components, [this](std::size_t index) {
    return judged_[index].component.course() != Belief::Course::steady;
  });
}

Detector::State::Verdict Detector::State::verdict(const std::vector<std::size_t>& components, Micros onset,
                                                  Micros crossed) const {
  std::vector<bool> suspected(watched_.size(), false);
  Micros last = Micros::min();
  Micros first = Micros::max();
  int answers = 0;
  bool works = true;
  Attempts inside;
  for (const std::size_t index : components) {
    for (const std::size_t probe : judged_[index].probes) {
      suspected[probe] = true;
      const auto& seen = watched_[probe].witness.seen();
      works = works && (seen.empty() || !seen.back().failed);
      for (const auto& one : seen) {
        if (one.known < onset || !one.failed) continue;
        ++inside.failed;
        answers += one.answered ? 1 : 0;
        last = std::max(last, one.known);
        first = std::min(first, one.began);
      }
    }
  }
  if (inside.failed == 0) return {};
  // A platform that answers, if only with an error, is reached: our own network works.
  if (answers * 2 >= inside.failed && answers >= 2) return {true, false, OwnNetwork::fine};
  if (!site_.checked()) return {true, false, OwnNetwork::unchecked};
  Attempts outside;
  bool controls = false;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    for (const auto& one : watched_[i].witness.seen()) {
      if (one.known < first || one.began > last) continue;
      if (watched_[i].control && one.began >= first) controls = true;
      if (suspected[i]) {
        ++inside.all;
      } else if (one.began >= first && one.known <= last) {
        ++outside.all;
        outside.failed += one.failed ? 1 : 0;
      }
    }
  }
  inside.all = std::max(inside.all, inside.failed);
  if (alibi(inside, outside) >= settings_.alibi_threshold) return {true, false, OwnNetwork::fine};
  if (works && time_.now() - last >= kPassed) return {false, true, OwnNetwork::fine};
  if (!controls && time_.now() - crossed >= control_round_) return {true, false, OwnNetwork::silent};
  return {};
}

void Detector::State::note_bad(Owner& owner) const {
  const double gap =
      owner.last_bad == Micros::min() ? 0 : static_cast<double>((time_.now() - owner.last_bad).count()) / 1e6;
  owner.gap += kGapWeight * (std::max(gap, kShortestGap) - owner.gap);
  owner.last_bad = time_.now();
}

Micros Detector::State::quiet_until(const Owner& owner) const {
  const Micros wanted{static_cast<Micros::rep>(settings_.quiet_gaps * owner.gap * 1e6)};
  return owner.last_bad + std::clamp(wanted, settings_.quiet_period, std::max(settings_.quiet_period, settings_.quiet_longest));
}

/// An owner's outage is over once all that was hit works and nothing of it has failed for long enough.
void Detector::State::end_outages(Decisions& out) {
  for (Owner& owner : owners_) {
    if (owner.last_bad == Micros::min() || time_.now() < quiet_until(owner)) continue;
    const auto ends = [this](std::size_t index) {
      const Component& component = judged_[index].component;
      return component.course() == Belief::Course::steady || component.quiet_seen();
    };
    if (!std::ranges::all_of(owner.components, ends)) continue;
    for (const std::size_t index : owner.components) {
      Component& component = judged_[index].component;
      if (component.course() != Belief::Course::steady)
        out.findings.emplace_back(component.recover(context(OwnNetwork::fine)));
    }
  }
}

Context Detector::State::context(OwnNetwork own_network) const {
  return {settings_, time_, names_, site_.checked() ? own_network : OwnNetwork::unchecked};
}

Decisions Detector::State::advance(WallTime now) {
  Decisions out;
  time_.move_to(now);
  settle(out);
  return out;
}

std::optional<WallTime> Detector::State::next_deadline() const {
  if (!site_.online()) return std::nullopt;
  std::optional<Micros> next;
  const auto consider = [&next, this](Micros own) {
    if (own > time_.now()) next = next ? std::min(*next, own) : own;
  };
  for (const auto& [test, since] : crossed_) consider(since + control_round_);
  for (const Owner& owner : owners_) {
    if (owner.last_bad != Micros::min() && has_outage(owner)) consider(quiet_until(owner));
  }
  if (!next) return std::nullopt;
  return time_.wall_at(*next);
}

void Detector::State::assume_failing(const ComponentId& id, ComponentState state, WallTime onset) {
  for (Judged& judged : judged_) {
    if (judged.component.id() != id || judged.component.course() != Belief::Course::steady) continue;
    judged.component.assume_failing(state, onset, time_);
    owners_[judged.owner].last_bad = time_.now();
    owners_[judged.owner].gap = kShortestGap;
  }
}

std::vector<Belief> Detector::State::beliefs() const {
  std::vector<Belief> beliefs;
  beliefs.reserve(judged_.size());
  for (const Judged& judged : judged_) beliefs.push_back(judged.component.belief(time_));
  return beliefs;
}

SiteFinding Detector::State::site() const {
  return {site_.online(), time_.wall(), site_.since().wall, site_.failing(), site_.trusted()};
}

std::vector<ProbeProblem> Detector::State::problems() const {
  std::vector<ProbeProblem> problems;
  for (const Watched& probe : watched_) {
    if (probe.problem.open()) problems.push_back(*probe.problem.open());
  }
  std::ranges::sort(problems, {}, &ProbeProblem::probe);
  return problems;
}

}  // namespace outaged::detect
