// When evidence is enough: an outage of one component, or of several that fail together, is opened.
#include <algorithm>

#include "detect/detector_state.hpp"

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
/// Of many pools one is suspected because it failed most: so much, in nats, would look like an alibi by that choice
/// alone.
constexpr double kChosen = 2;
/// So many failures in a row make an unbroken run.
constexpr int kUnbrokenRun = 4;
/// For so long an outage has just begun: what it hits still shows.
constexpr Micros kJustBegun = 15min;

}  // namespace

void Detector::State::cross(std::size_t test, bool enough) {
  if (enough) {
    crossed_.try_emplace(test, time_.now());
  } else {
    crossed_.erase(test);
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
  const auto last = std::ranges::max(pool.components, {},
                                     [this](std::size_t member) { return judged_[member].component.last_failed(); });
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
  const Owner& owner = owners_[judged_[pool.components.front()].owner];
  double enough = time_.now() - onset->own < kAtOnce ? kNamed : kNamedLater;
  if (has_outage(owner)) enough = join_threshold(owner);
  std::vector<std::size_t> hit;
  for (const std::size_t member : pool.components) {
    if (failed_since(member) && judged_[member].component.failures().score() >= enough) hit.push_back(member);
  }
  // What the whole pool shows and one target alone bears may be a blip of it and somebody else's stray failure.
  if (hit.size() == 1 && !has_outage(owner) && repeating(judged_[hit.front()], onset->own) < 2) {
    const Component& alone = judged_[hit.front()].component;
    if (!outlasts_blips(alone, alone.failures().onset()->own)) return;  // its score is above zero, so it has an onset
  }
  for (const std::size_t member : hit) open(member, onset->own, found.own_network, out);
}

void Detector::State::open_alone(std::size_t index, Micros since, Decisions& out) {
  const Judged& judged = judged_[index];
  const Component& component = judged.component;
  const auto summed = component.failures().onset();
  const auto unbroken = unbroken_since(judged);
  if ((!summed && !unbroken) || time_.now() - component.last_failed() > kFresh) return;
  const Micros onset = std::min(summed ? summed->own : Micros::max(), unbroken.value_or(Micros::max()));
  if (component.course() == Belief::Course::recovering) {
    if (!unbroken && component.failures().score() < Component::kRelapse) return;
    const Verdict found = verdict({index}, onset, since);
    if (found.passed) judged_[index].component.dismiss();
    if (found.theirs) relapse(index, found.own_network, out);
    return;
  }
  if (!component.may_open()) return;
  const Owner& owner = owners_[judged.owner];
  const double score = component.failures().score();
  const bool joins = has_outage(owner) && score >= join_threshold(owner);
  const bool lasts = score >= thresholds_[index] && outlasts_blips(component, onset);
  if (!joins && !lasts && !unbroken) return;
  const Verdict found = verdict({index}, onset, since);
  if (found.passed) judged_[index].component.dismiss();
  if (found.theirs) open(index, onset, found.own_network, out);
}

double Detector::State::join_threshold(const Owner& owner) const {
  const bool just_begun = owner.began != Micros::min() && time_.now() - owner.began < kJustBegun;
  return just_begun ? settings_.join_threshold : settings_.late_join_threshold;
}

std::optional<Micros> Detector::State::unbroken_since(const Judged& judged) const {
  std::optional<Micros> since;
  for (const std::size_t probe : judged.probes) {
    const Witness& witness = watched_[probe].witness;
    if (witness.failures_in_a_row() < kUnbrokenRun || witness.failing_for() < settings_.lone_span) continue;
    // What cannot ask any more, because its token has expired, does not go on failing.
    if (time_.now() - witness.last_known() > std::max(kFresh, probes_[probe].interval * kRunsMissed)) continue;
    since = std::min(since.value_or(Micros::max()), witness.failing_since());
  }
  return since;
}

void Detector::State::open(std::size_t index, Micros not_before, OwnNetwork own_network, Decisions& out) {
  Judged& judged = judged_[index];
  Owner& owner = owners_[judged.owner];
  const bool first = !has_outage(owner);
  auto finding = judged.component.open(not_before, unbroken_since(judged), context(own_network));
  if (first) begin_outage(owner, finding);
  owner.last_bad = time_.now();
  out.findings.emplace_back(std::move(finding));
  crossed_.erase(index);
}

void Detector::State::relapse(std::size_t index, OwnNetwork own_network, Decisions& out) {
  Judged& judged = judged_[index];
  out.findings.emplace_back(judged.component.relapse(unbroken_since(judged), context(own_network)));
  fail_again(owners_[judged_[index].owner]);
  crossed_.erase(index);
}

bool Detector::State::outlasts_blips(const Component& component, Micros onset) const {
  return component.last_failed() - onset >= settings_.lone_span;
}

std::ptrdiff_t Detector::State::repeating(const Judged& judged, Micros since) const {
  return std::ranges::count_if(
      judged.probes, [this, since](std::size_t probe) { return watched_[probe].witness.last_repeated() >= since; });
}

double Detector::State::one_cause(std::vector<Witness::Seen> failed) const {
  std::ranges::sort(failed, {}, &Witness::Seen::known);
  std::vector<Layer> layers;
  for (const auto& one : failed) {
    if (one.layer != Layer::local) layers.push_back(one.layer);
  }
  return std::min(0.0, layers_.agreement(layers));
}

Detector::State::Verdict Detector::State::verdict(const std::vector<std::size_t>& components, Micros onset,
                                                  Micros crossed) const {
  std::vector<bool> suspected(watched_.size(), false);
  Micros last = Micros::min();
  Micros last_began = Micros::min();
  Micros first = Micros::max();
  int answers = 0;
  std::vector<Witness::Seen> failed;
  bool works = true;
  Attempts inside;
  for (const std::size_t index : components) {
    for (const std::size_t probe : judged_[index].probes) {
      suspected[probe] = true;
      const auto& seen = watched_[probe].witness.seen();
      works = works && (seen.empty() || !seen.back().failed);
      for (const auto& one : seen) {
        if (one.known < onset || !one.failed) continue;
        failed.push_back(one);
        answers += one.answered ? 1 : 0;
        last = std::max(last, one.known);
        last_began = std::max(last_began, one.began);
        first = std::min(first, one.began);
      }
    }
  }
  if (failed.empty()) return {};
  inside.failed = static_cast<int>(failed.size());
  // A platform that answers, if only with an error, is reached: our own network works.
  if (answers * 2 >= inside.failed && answers >= 2) return {true, false, OwnNetwork::fine};
  if (!site_.checked()) return {true, false, OwnNetwork::unchecked};
  // Most failures ended there, or before it. Who did not come so deep says nothing about them; where no control does,
  // we must make do with those that there are. That the gateway answers says nothing ever.
  std::ranges::sort(failed, {}, &Witness::Seen::depth);
  const Depth needed = std::max(Depth::dns, std::min(failed[failed.size() / 2].depth, site_.deepest()));
  Attempts outside;
  Attempts platforms;  // all of them: several owners may fail at once, and then only the controls can tell
  Attempts unrelated;
  bool controls = false;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (watched_[i].control && !site_.trusts(watched_[i].group)) continue;
    for (const auto& one : watched_[i].witness.seen()) {
      if (one.began < first || (!one.failed && one.depth < needed)) continue;
      if (watched_[i].control) controls = true;
      // What was asked after the last failure does not tell how our own network was before.
      if (one.began > last_began) continue;
      Attempts& group = watched_[i].control ? unrelated : platforms;
      ++group.all;
      group.failed += one.failed ? 1 : 0;
      if (suspected[i]) {
        ++inside.all;
      } else {
        ++outside.all;
        outside.failed += one.failed ? 1 : 0;
      }
    }
  }
  inside.all = std::max(inside.all, inside.failed);
  const double of_some = alibi(inside, outside) - kChosen;
  const double of_all = alibi(platforms, unrelated);
  if (std::max(of_some, of_all) + one_cause(failed) >= settings_.alibi_threshold)
    return {true, false, OwnNetwork::fine};
  if (works && time_.now() - last >= kPassed) return {false, true, OwnNetwork::fine};
  if (!controls && time_.now() - crossed >= control_round_) return {true, false, OwnNetwork::silent};
  return {};
}

}  // namespace outaged::detect
