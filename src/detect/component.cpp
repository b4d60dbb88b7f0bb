#include "detect/component.hpp"

#include <algorithm>
#include <cmath>

namespace outaged::detect {
namespace {

/// Below this share of slow answers nothing is called a slowdown.
constexpr double kLeastSlowShare = 0.5;
/// In an outage one edge may answer well for some minutes: a component works again only after so long without failure,
/// and after twice as long each time that it turned out not to.
constexpr Micros kGoodSpell = std::chrono::minutes{3};
constexpr int kMostDoublings = 1;
/// The state follows the share of the last so many results …
constexpr std::size_t kRecent = 20;
/// … and falls back from major only well below the border.
constexpr double kHysteresis = 0.8;

}  // namespace

std::optional<ComponentFinding> Component::add(const Observation& observation, const Step& step, double base_rate,
                                               double slow_rate, const Context& context) {
  window_.add(observation);
  if (observation.failed) last_failed_ = observation.known;
  was_bad_ = bad(observation);
  if (course_ != Belief::Course::failing || !fails_) feed(observation, step.alone, slow_rate, context);
  switch (course_) {
    case Belief::Course::steady: return add_steady(observation, context);
    case Belief::Course::failing: return add_failing(observation, fails_ ? base_rate : slow_rate, step.fresh, context);
    case Belief::Course::recovering: return add_recovering(observation, context);
  }
  return std::nullopt;
}

void Component::feed(const Observation& observation, const EntryTest::Increments& ratios, double slow_rate,
                     const Context& context) {
  const Moment when{observation.known, observation.at};
  failures_.add(ratios, observation.failed, most_, when);
  if (observation.failed) return;
  auto slowness = EntryTest::ratios(observation.slow, slow_rate);
  for (std::size_t i = 0; i < slowness.size(); ++i) {
    // A slowdown that a person feels makes most answers slow; small shares are the tails of a drifting baseline.
    if (EntryTest::kOutageRates[i] < kLeastSlowShare) slowness[i] = 0;
  }
  slowness_.add(slowness, observation.slow, context.settings.slow_threshold + 2, when);
}

bool Component::slowness_crossed(const Observation& observation, const Context& context) const {
  return observation.slow && !observation.failed && slowness_.score() >= context.settings.slow_threshold;
}

std::optional<ComponentFinding> Component::add_steady(const Observation& observation, const Context& context) {
  const auto previous = shown();
  if (slowness_crossed(observation, context)) {
    fails_ = false;
    was_bad_ = true;
    last_failure_ = observation.at;
    begin(*slowness_.onset(), ComponentState::degraded_performance, context);
    return finding(Turn::opened, previous, context);
  }
  if (state_ != ComponentState::unknown || observation.failed) return std::nullopt;
  believe(ComponentState::operational, context.time.wall());
  return finding(Turn::revealed, previous, context);
}

ComponentFinding Component::open(Micros not_before, std::optional<Micros> unbroken, const Context& context) {
  const auto previous = shown();
  // A stray failure of long before is in the sum, but it did not begin this outage.
  Moment onset = failures_.onset().value_or(Moment{context.time.now(), context.time.wall()});
  if (unbroken && *unbroken < onset.own) onset = {*unbroken, context.time.wall_at(*unbroken)};
  if (onset.own < not_before) {
    const Micros first = window_.first_failure(not_before).value_or(context.time.now());
    onset = {first, context.time.wall_at(first)};
  }
  const bool slow_before = course_ != Belief::Course::steady;
  const Moment first = slow_before ? onset_ : onset;
  fails_ = true;
  was_bad_ = true;
  last_failure_ = context.time.wall_at(last_failed_);
  begin(onset, state_by(window_.count(onset.own), context.settings), context);
  onset_ = first;
  return finding(slow_before ? Turn::changed : Turn::opened, previous, context);
}

std::optional<ComponentFinding> Component::add_failing(const Observation& observation, double p0, double fresh,
                                                       const Context& context) {
  if (was_bad_) last_failure_ = observation.at;
  if (was_bad_) last_bad_ = observation.known;
  exit_.add(was_bad_, p0, context.settings.residual_share, fresh);
  // One component alone would need long to show that it works again; all that were hit together show it sooner.
  const bool well = context.owner_well || exit_.score() >= context.settings.exit_threshold;
  const bool works = well && !context.unbroken &&
                     observation.known - last_bad_ >= kGoodSpell * (1 << std::min(relapses_, kMostDoublings));
  if (!works) return look_for_change(context);

  const auto previous = state_;
  course_ = Belief::Course::recovering;
  failures_.reset();
  slowness_.reset();
  quiet_seen_ = true;
  believe(ComponentState::operational, context.time.wall());
  return finding(Turn::recovering, previous, context);
}

std::optional<ComponentFinding> Component::add_recovering(const Observation& observation, const Context& context) {
  if (!was_bad_) {
    quiet_seen_ = true;
    return std::nullopt;
  }
  last_failure_ = observation.at;
  last_bad_ = observation.known;
  // One failure is the noise of any day: it is waited out (the quiet period begins anew), but it is no relapse. Nor are
  // several, until they are known to be the platform's (relapse()).
  if (slowness_.score() < context.settings.slow_threshold) return std::nullopt;
  return relapse(std::nullopt, context);
}

ComponentFinding Component::relapse(std::optional<Micros> unbroken, const Context& context) {
  const Moment onset = onset_;
  std::optional<Moment> failing;
  if (failures_.score() >= kRelapse) failing = failures_.onset();
  if (!failing && unbroken) failing = {*unbroken, context.time.wall_at(*unbroken)};
  relapses_ = std::min(relapses_ + 1, kMostDoublings);
  fails_ = fails_ || failing;
  const Moment again = failing ? *failing : *slowness_.onset();
  begin(again, fails_ ? state_by(window_.count(again.own), context.settings) : ComponentState::degraded_performance,
        context);
  onset_ = onset;
  return finding(Turn::relapsed, ComponentState::operational, context);
}

void Component::begin(Moment onset, ComponentState state, const Context& context) {
  last_bad_ = context.time.now();
  course_ = Belief::Course::failing;
  onset_ = onset;
  const auto count = window_.count(onset.own);
  exit_.begin(fails_ ? count.failures : count.slow, count.attempts);
  layer_ = window_.evidence(onset.own, context.names).dominant_layer();
  next_state_.value.reset();
  next_layer_.value.reset();
  other_share_.value.reset();
  believe(state, context.time.wall());
}

std::optional<ComponentFinding> Component::look_for_change(const Context& context) {
  if (!fails_) return std::nullopt;
  const auto previous = state_;
  const Micros now = context.time.now();
  bool changed = false;
  const auto count = window_.count(recent(context.time), kRecent);
  const auto seen = count.failures == 0 ? state_ : state_by(count, context.settings);
  if (next_state_.holds(seen, state_, now, context.settings.settle)) {
    believe(seen, context.time.wall());
    changed = true;
  }
  const auto layer = window_.other_layer(onset_.own, layer_);
  if (!layer) next_layer_.value.reset();
  if (layer && next_layer_.holds(*layer, layer_, now, context.settings.settle)) {
    layer_ = layer;
    changed = true;
  }
  const double share = window_.count(recent(context.time)).share();
  const bool other = count.failures > 0 && std::abs(share - told_share_) >= kOtherShare;
  if (other_share_.holds(other, false, now, context.settings.settle)) changed = true;
  if (!changed) return std::nullopt;
  return finding(Turn::changed, previous, context);
}

ComponentFinding Component::recover(const Context& context) {
  const auto previous = shown();
  if (course_ != Belief::Course::recovering) believe(ComponentState::unknown, context.time.wall());
  return end(Turn::recovered, previous, context);
}

ComponentFinding Component::accustom(const Context& context) {
  const auto previous = shown();
  believe(ComponentState::operational, context.time.wall());
  return end(Turn::accustomed, previous, context);
}

ComponentFinding Component::end(Turn turn, ComponentState previous, const Context& context) {
  course_ = Belief::Course::steady;
  auto over = finding(turn, previous, context);
  failures_.reset();
  slowness_.reset();
  window_.withdraw_since(onset_.own);
  last_failure_.reset();
  layer_.reset();
  fails_ = false;
  relapses_ = 0;
  return over;
}

ComponentFinding Component::obscure(Micros own, const Context& context) {
  const auto previous = shown();
  window_.withdraw_since(own);
  if (course_ != Belief::Course::failing) {
    failures_.reset();
    slowness_.reset();
  }
  obscured_ = true;
  since_ = context.time.wall();
  return finding(Turn::obscured, previous, context);
}

ComponentFinding Component::reveal(const Context& context) {
  obscured_ = false;
  quiet_seen_ = false;
  since_ = context.time.wall();
  return finding(Turn::revealed, ComponentState::unknown, context);
}

void Component::assume_failing(ComponentState state, WallTime onset, const Timeline& time) {
  if (course_ != Belief::Course::steady) return;
  course_ = Belief::Course::failing;
  fails_ = state != ComponentState::degraded_performance;
  onset_ = {time.now(), onset};
  last_bad_ = time.now();
  last_failure_ = onset;
  exit_.begin(2, 4);
  // An incident taken down while our own network was lost does not know its members' states.
  const bool bad = fails_ && state != ComponentState::major_outage;
  believe(bad ? ComponentState::partial_outage : state, onset);
}

ComponentState Component::state_by(const Window::Count& count, const Settings& settings) const {
  const double border = settings.major_share * (state_ == ComponentState::major_outage ? kHysteresis : 1);
  return count.share() >= border ? ComponentState::major_outage : ComponentState::partial_outage;
}

bool Component::bad(const Observation& observation) const {
  return observation.failed || (!fails_ && observation.slow);
}

Micros Component::recent(const Timeline& time) const {
  return std::max(onset_.own, time.now() - Window::kSpan);
}

/// The evidence of its outage: of the last minutes, or of all of it where nothing was bad in those.
Evidence Component::evidence(const Context& context) const {
  const Micros lately = recent(context.time);
  const auto count = window_.count(lately);
  const Micros from = count.failures + count.slow > 0 ? lately : onset_.own;
  auto evidence = window_.evidence(from, context.names);
  const Micros counted = std::max(from, window_.held_since());
  evidence.since = counted <= onset_.own ? onset_.wall : context.time.wall_at(counted);
  return evidence;
}

Evidence Component::evidence_of_health(const Context& context) const {
  const Micros from = context.time.now() - Window::kSpan;
  auto evidence = window_.evidence(from, context.names);
  evidence.since = context.time.wall_at(from);
  return evidence;
}

void Component::believe(ComponentState state, WallTime at) {
  if (state != state_) since_ = at;
  state_ = state;
}

ComponentState Component::shown() const {
  return obscured_ ? ComponentState::unknown : state_;
}

ComponentFinding Component::finding(Turn turn, ComponentState previous, const Context& context) {
  ComponentFinding finding;
  finding.component = id_;
  finding.turn = turn;
  finding.state = shown();
  finding.previous = previous;
  finding.at = context.time.wall();
  // After the clock was set back, an onset by the old clock would lie in the future.
  const bool outage = course_ != Belief::Course::steady || ends(turn);
  finding.onset = outage ? std::min(onset_.wall, finding.at) : finding.at;
  if (outage) finding.last_failure = last_failure_;
  finding.layer = layer_;
  finding.evidence = outage ? evidence(context) : evidence_of_health(context);
  // Likewise.
  finding.evidence.since = std::min(finding.evidence.since, finding.at);
  finding.evidence.own_network = context.own_network;
  told_ = finding.evidence.layers;
  told_share_ = finding.evidence.share();
  return finding;
}

Belief Component::belief(const Timeline& time) const {
  Belief belief{id_, shown(), course_, since_, std::nullopt, 0, told_, std::nullopt};
  if (course_ != Belief::Course::steady) {
    belief.onset = onset_.wall;
    belief.share = window_.count(recent(time), kRecent).share();
  }
  return belief;
}

}  // namespace outaged::detect
