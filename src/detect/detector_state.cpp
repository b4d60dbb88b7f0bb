#include "detect/detector_state.hpp"

#include <algorithm>

#include "detect/evidence.hpp"
#include "detect/threshold.hpp"

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

/// Sums are kept below their threshold and this.
constexpr double kOvershoot = 3;
/// Credentials that are refused within this time of each other are refused for one reason.
constexpr Micros kRefusedTogether = 10min;

/// Control hosts that answer so late, as a logarithm, say that our own network is slow; less is the noise of any day.
constexpr double kLeastLateness = 0.4;

/// Who is not asked for more than so many intervals is missed.
constexpr int kIntervalsMissed = 2;

/// What failed last within this time fails now.
constexpr Micros kAtTheSameTime = 3min;

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
    judged_.push_back({Component{id}, {}, {}, 0, {}});
  }
  watched_.reserve(probes_.size());
  names_.reserve(probes_.size());
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    const ProbeInfo& probe = probes_[i];
    const auto& host = probe.endpoint.empty() ? probe.id.name : probe.endpoint;
    const bool control = probe.component.platform == kControlPlatform;
    const auto endpoint = endpoints.try_emplace(host, endpoints.size()).first->second;
    const auto group =
        control ? controls.try_emplace(host, controls.size()).first->second : components.at(probe.component);
    names_.push_back(probe.id);
    index_of_.emplace(probe.id.name, i);
    Watched& watched = watched_.emplace_back(ProblemWatch{probe.id, probe.component});
    watched.group = group;
    watched.endpoint = endpoint;
    watched.control = control;
    if (control) control_round_ = std::max(control_round_, probe.interval + probe.interval / 4);
    if (!control) judged_[group].probes.push_back(i);
  }
  site_ = SiteWatch{controls.size()};
  control_round_ = std::max(control_round_, settings_.control_wait);
  make_owners();
  make_thresholds();
}

void Detector::State::make_thresholds() {
  std::vector<double> results;
  for (Judged& judged : judged_) {
    double sum = 0;
    for (const std::size_t probe : judged.probes) sum += results_a_year(probes_[probe].interval);
    results.push_back(sum);
    thresholds_.push_back(entry_threshold(sum, settings_.false_alarms));
    judged.component.remember_at_most(thresholds_.back() + kOvershoot);
  }
  for (const Pool& pool : pools_) {
    double sum = 0;
    for (const std::size_t member : pool.components) sum += results[member];
    thresholds_.push_back(entry_threshold(sum, settings_.false_alarms * static_cast<double>(pool.components.size())));
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
  Meaning meaning = meaning_of(result, probe.proven || probe.control);
  if (meaning.problem == ProblemKind::credentials && probe.proven && !probe.control) {
    const Micros now = time_.now();
    if (probe.refused || refused_suddenly(index, result))
      probe.refused = {probe.refused ? probe.refused->first : now, now};
    if (probe.refused && refused_elsewhere(index)) {
      meaning = {Meaning::Says::failing, std::nullopt};
      probe.problem.solved(time_.wall(), out.findings);
    }
  }
  // What is not reached while nothing is reached is no problem of that probe.
  if (meaning.problem && (site_.online() || *meaning.problem != ProblemKind::unreachable)) {
    probe.problem.seen(*meaning.problem, result.failure ? result.failure->detail : std::string{}, result.known_at(),
                       time_.wall(), out.findings);
  }
  if (meaning.says == Meaning::Says::healthy) {
    probe.proven = true;
    probe.refused.reset();
    probe.last_well = result.at;
    out.answered = result.at;
    probe.problem.solved(time_.wall(), out.findings);
  }
  // Whoever answers, if only with a refusal, shows that the way is open; a site of the user's own may stand beside us.
  const bool let_in = result.result_class == ResultClass::success || result.result_class == ResultClass::blocked;
  const bool heard = let_in || (result.failure && answered(*result.failure));
  const bool far = probes_[index].component.platform != kOwnPlatform;
  if (far && heard) {
    const Moment known{time_.at(result.known_at()), result.known_at()};
    const Depth depth = depth_of(result, probes_[index].component);
    if (site_.answered(depth, known.own - result.took, known) == SiteTurn::back) regain_site(out);
  } else if (far && result.result_class == ResultClass::platform_failure && !probe.control) {
    site_.unanswered();
  }
  if (probe.control) {
    on_control(probe, index, result, out);
  } else if (meaning.says != Meaning::Says::nothing) {
    on_platform(probe, index, result, meaning.says == Meaning::Says::failing, out);
  }
  settle(out);
  return out;
}

bool Detector::State::refused_suddenly(std::size_t index, const Result& result) const {
  const Micros interval = probes_[index].interval;
  return result.at - watched_[index].last_well <= kRefusedTogether + interval + interval / 4;
}

bool Detector::State::refused_elsewhere(std::size_t index) const {
  const auto& here = *watched_[index].refused;
  const ProbeInfo& asked = probes_[index];
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    const auto& there = watched_[i].refused;
    const ProbeInfo& other = probes_[i];
    // Of one platform's tokens one is often made from another, and ends with it.
    if (!there || watched_[i].control || other.component.platform == asked.component.platform) continue;
    if (!other.credential.empty() && other.credential == asked.credential) continue;
    const Micros apart = std::max(here.first, there->first) - std::min(here.first, there->first);
    if (apart <= kRefusedTogether && time_.now() - there->second <= kRefusedTogether) return true;
  }
  return false;
}

double Detector::State::common_lateness() const {
  std::vector<double> late;
  for (const Watched& one : watched_) {
    if (one.answer && time_.now() - one.answer->first <= control_round_ * 2) late.push_back(one.answer->second);
  }
  if (late.empty()) return 0;
  const auto middle = late.begin() + (std::ssize(late) - 1) / 2;
  std::ranges::nth_element(late, middle);
  return *middle < kLeastLateness ? 0 : *middle;
}

void Detector::State::on_control(const Watched& probe, std::size_t index, const Result& result, Decisions& out) {
  if (result.result_class == ResultClass::our_fault) return;
  // Refused for our sake (blocked) is an answer all the same: the way there works.
  const bool reached = result.result_class == ResultClass::success || result.result_class == ResultClass::blocked;
  const Moment known{time_.at(result.known_at()), result.known_at()};
  Watched& control = watched_[index];
  if (reached) {
    control.answer = {known.own, control.baseline.lateness(result.took, result.at)};
    control.baseline.learn(result.took, result.at, false);
  }
  const Depth depth = depth_of(result, probes_[index].component);
  control.witness.add({known.own - result.took, known.own, !reached, false, depth}, 0, false, settings_);
  const SiteTurn turn = reached ? site_.reached(probe.group, depth, known) : site_.missed(probe.group, known);
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
  if (failed && result.failure) {
    observation.layer = result.failure->layer;
    observation.kind = result.failure->kind;
    observation.detail = result.failure->detail;
  }
  if (!site_.online() || (failed && observation.began < grace_until_)) return;

  const double common = common_lateness();
  const bool late = probe.baseline.is_slow(result.took, result.at, common, settings_);
  // Our own line is so slow that a usual answer takes longer than the probe waits.
  if (observation.layer == Layer::timeout && common > 0 && !late) return;
  observation.slow = !failed && (late || (result.slow && common == 0));

  Judged& judged = judged_[probe.group];
  const bool steady = judged.component.course() == Belief::Course::steady;
  const double slow_rate = probe.baseline.slow_rate();
  if (!failed && steady) probe.baseline.learn(result.took, result.at, observation.slow);
  const Witness::Seen seen{observation.began,
                           observation.known,
                           failed,
                           failed && answered(observation.layer),
                           depth_of(result, probes_[index].component),
                           observation.layer};
  const Step step = probe.witness.add(seen, site_.noise(), steady, settings_);

  const Moment when{observation.known, observation.at};
  for (const std::size_t index_of_pool : judged.pools) {
    Pool& pool = pools_[index_of_pool];
    const std::size_t test = judged_.size() + index_of_pool;
    const bool joint = failed && repeats_elsewhere(pool, probe.group);
    const double most = thresholds_[test] + kOvershoot;
    if (failed && !step.repeats) {
      pool.test.add_failure(step.pooled, most, when, observation.layer, probe.witness.share_of(observation.layer),
                            layers_);
    } else {
      pool.test.add(joint ? step.joint : step.pooled, failed, most, when);
    }
    cross(test, pool.test.score() >= thresholds_[test]);
  }
  auto around = context(OwnNetwork::fine);
  Owner& owner = owners_[judged.owner];
  const bool calm = !has_outage(owner);
  const auto unbroken = unbroken_since(judged);
  around.unbroken = unbroken.has_value();
  around.owner_well = owner.health.score() >= settings_.recovery_threshold;
  auto finding = judged.component.add(observation, step, probe.witness.base_rate(settings_), slow_rate, around);
  const bool recovering = judged.component.course() == Belief::Course::recovering;
  // Where one probe of several fails on and on, the others' successes must not hide it.
  const double enough = recovering ? Component::kRelapse : std::min(settings_.join_threshold, thresholds_[probe.group]);
  cross(probe.group, unbroken || judged.component.failures().score() >= enough);
  // An outage that begins knows this result from its opening, and nothing of the owner's outage before.
  if (finding && finding->turn == Turn::opened && calm) {
    begin_outage(owner, *finding);
  } else if (judged.component.course() != Belief::Course::steady) {
    const double p0 = judged.component.fails() ? probe.witness.base_rate(settings_) : slow_rate;
    follow_outage(owner, judged.component, p0, step.fresh);
  }
  if (failed && !step.repeats && steady) layers_.learn(observation.layer);
  if (finding) out.findings.emplace_back(*std::move(finding));
  if (!failed) learn_slowness(result, probe, out);
  plan_.after(index, failed, judged.component.course(), time_.now(), out.rechecks);
  if (failed && site_.checked()) plan_.ask_controls(time_.now(), out.rechecks);
}

bool Detector::State::repeats_elsewhere(const Pool& pool, std::size_t component) const {
  return std::ranges::any_of(pool.components, [this, component](std::size_t member) {
    if (member == component) return false;
    return std::ranges::any_of(judged_[member].probes, [this](std::size_t probe) {
      const Micros last = watched_[probe].witness.last_repeated();
      return last != Micros::min() && time_.now() - last <= kAtTheSameTime;
    });
  });
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
  // What happened meanwhile is not known: it has not been away.
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

Context Detector::State::context(OwnNetwork own_network) const {
  return {settings_, time_, names_, site_.checked() ? own_network : OwnNetwork::unchecked};
}

Decisions Detector::State::advance(WallTime now) {
  Decisions out;
  time_.move_to(now);
  settle(out);
  return out;
}

bool Detector::State::misses_much(std::size_t index, Micros rest, WallTime now) const {
  const auto& seen = watched_[index].witness.seen();
  const Micros last = seen.empty() ? time_.at(now) : seen.back().known;
  return time_.at(now) + rest - last > probes_[index].interval * kIntervalsMissed;
}

Decisions Detector::State::left_alone(const std::vector<LeftAlone>& all, WallTime now) {
  Decisions out;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    ProblemWatch& problem = watched_[i].problem;
    const auto found = std::ranges::find(all, names_[i], &LeftAlone::probe);
    if (found == all.end()) {
      problem.let_go(now, out.findings);
    } else if (problem.open() || misses_much(i, found->rest, now)) {
      problem.left_alone(found->why, now, out.findings);
    }
  }
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
    owners_[judged.owner].away = Micros{0};
  }
}

std::vector<Belief> Detector::State::beliefs() const {
  std::vector<Belief> beliefs;
  beliefs.reserve(judged_.size());
  for (const Judged& judged : judged_) {
    Belief& belief = beliefs.emplace_back(judged.component.belief(time_));
    for (const std::size_t probe : judged.probes) {
      if (watched_[probe].last_well != WallTime{})
        belief.answered = std::max(belief.answered, {watched_[probe].last_well});
    }
  }
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
