#include "detect/detector_state.hpp"

#include <algorithm>

#include "detect/evidence.hpp"

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

/// A failure of another endpoint agrees when it is no older than this.
constexpr Micros kAgreement = 90s;
/// More results do not wait for one component's verdict: the oldest is then judged with what is known.
constexpr std::size_t kMostWaiting = 64;

bool related(const ComponentId& one, const ComponentId& other) {
  return one.platform == other.platform || one.function == other.function;
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
    judged_.push_back({Component{id}, {}});
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
    watched_.push_back(
        {group, endpoint, control, false, false, Micros::min(), ProblemWatch{probe.id, probe.component}});
  }
  site_ = SiteWatch{controls.size()};
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
  probe.failed = failed;
  probe.known = observation.known;
  plan_.after(index, failed, judged.component.course(), time_.now(), out.rechecks);
  if (failed && site_.checked()) plan_.ask_controls(time_.now(), out.rechecks);
  judged.waiting.push_back(std::move(observation));
  busy_.insert(probe.group);
}

void Detector::State::lose_site(Decisions& out) {
  out.findings.emplace_back(site());
  const Micros since = site_.since().own - settings_.control_wait;
  for (Judged& judged : judged_) {
    judged.waiting.clear();
    out.findings.emplace_back(judged.component.obscure(since, context(OwnNetwork::fine)));
  }
  for (Watched& probe : watched_) probe.failed = false;
}

void Detector::State::regain_site(Decisions& out) {
  grace_until_ = time_.now() + settings_.grace;
  out.findings.emplace_back(site());
  for (Judged& judged : judged_) out.findings.emplace_back(judged.component.reveal(context(OwnNetwork::fine)));
}

/// Everything that new results or passed time have made decidable.
void Detector::State::settle(Decisions& out) {
  for (auto index = busy_.begin(); index != busy_.end();) {
    Judged& judged = judged_[*index];
    drain(judged, out);
    if (auto finding = judged.component.tick(context(OwnNetwork::fine))) out.findings.emplace_back(*finding);
    const bool idle = judged.waiting.empty() && judged.component.course() != Belief::Course::recovering;
    index = idle ? busy_.erase(index) : std::next(index);
  }
}

void Detector::State::drain(Judged& judged, Decisions& out) {
  const Micros answered = site_.answered_since();
  while (!judged.waiting.empty()) {
    const Observation& next = judged.waiting.front();
    OwnNetwork own_network = OwnNetwork::fine;
    if (!site_.checked()) {
      own_network = OwnNetwork::unchecked;
    } else if (next.failed && answered < next.known) {
      const bool late = time_.now() >= next.known + settings_.control_wait || judged.waiting.size() > kMostWaiting;
      if (!late) return;
      own_network = OwnNetwork::silent;
    }
    judge(judged, next, own_network, out);
    judged.waiting.pop_front();
  }
}

void Detector::State::judge(Judged& judged, const Observation& observation, OwnNetwork own_network, Decisions& out) {
  auto around = context(own_network);
  around.corroborated = [this, &observation] { return corroborated(observation); };
  if (auto finding = judged.component.add(observation, around)) out.findings.emplace_back(*std::move(finding));
}

Context Detector::State::context(OwnNetwork own_network) const {
  return {settings_, time_, names_, site_.noise(), site_.checked() ? own_network : OwnNetwork::unchecked, {}};
}

bool Detector::State::corroborated(const Observation& observation) const {
  const Watched& first = watched_[observation.probe];
  const ComponentId& failing = probes_[observation.probe].component;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    const Watched& other = watched_[i];
    if (other.control || !other.failed || other.endpoint == first.endpoint) continue;
    if (time_.now() - other.known <= kAgreement && related(failing, probes_[i].component)) return true;
  }
  return false;
}

Decisions Detector::State::advance(WallTime now) {
  Decisions out;
  time_.move_to(now);
  settle(out);
  return out;
}

std::optional<WallTime> Detector::State::next_deadline() const {
  std::optional<Micros> next;
  const auto consider = [&next](Micros own) { next = next ? std::min(*next, own) : own; };
  for (const std::size_t index : busy_) {
    const Judged& judged = judged_[index];
    if (!judged.waiting.empty()) consider(judged.waiting.front().known + settings_.control_wait);
    if (const auto quiet = judged.component.quiet_until(settings_)) consider(*quiet);
  }
  if (!next) return std::nullopt;
  return time_.wall_at(*next);
}

void Detector::State::assume_failing(const ComponentId& id, ComponentState state, WallTime onset) {
  for (Judged& judged : judged_) {
    if (judged.component.id() == id) judged.component.assume_failing(state, onset, time_);
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
