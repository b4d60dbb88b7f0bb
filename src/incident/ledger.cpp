#include "incident/ledger.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/units.hpp"
#include "detect/family.hpp"
#include "incident/course.hpp"
#include "incident/pattern.hpp"
#include "incident/severity.hpp"
#include "incident/timeline.hpp"
#include "incident/wording.hpp"

namespace outaged::incident {
namespace {

using detect::ComponentFinding;
using detect::Turn;

/// Findings may come this much out of order; a time further back means that the clock was set back.
constexpr Micros kDisorder = std::chrono::seconds{30};

int rank(ComponentState state) {
  switch (state) {
    case ComponentState::degraded_performance: return 1;
    case ComponentState::partial_outage: return 2;
    case ComponentState::major_outage: return 3;
    case ComponentState::operational:
    case ComponentState::under_maintenance:
    case ComponentState::unknown: return 0;
  }
  return 0;
}

std::string commonest_kind(const detect::Evidence& evidence) {
  std::string kind;
  int most = 0;
  for (const auto& [word, count] : evidence.kinds) {
    if (count <= most || (evidence.failures > 0 && word == "slow")) continue;
    most = count;
    kind = word;
  }
  return kind;
}

/// What a finding of a failing component says about its part in the incident.
void take_evidence(AffectedComponent& member, const ComponentFinding& finding) {
  const auto& evidence = finding.evidence;
  member.state = finding.state;
  if (rank(finding.state) > rank(member.peak_state)) member.peak_state = finding.state;
  member.recovered_at.reset();
  if (finding.last_failure) member.last_failure = finding.last_failure;
  member.share = evidence.share();
  member.worst_share = std::max(member.worst_share, member.share);
  if (finding.layer) member.layer = finding.layer;
  if (auto kind = commonest_kind(evidence); !kind.empty()) member.kind = std::move(kind);
  if (!evidence.example.empty()) member.example = evidence.example;
}

AffectedComponent new_member(const ComponentFinding& finding) {
  AffectedComponent member;
  member.id = finding.component;
  member.onset = finding.onset;
  member.joined_at = finding.at;
  take_evidence(member, finding);
  return member;
}

/// What is said of a member whose outage is over while others go on.
std::string end_line(const ComponentFinding& finding) {
  const auto name = component_name(finding.component);
  if (finding.turn == Turn::accustomed) {
    return fmt::format("{}: this has been its usual speed for {}{}", name,
                       format_duration_rounded(finding.at - finding.onset), kAccustomedWords);
  }
  if (finding.state == ComponentState::operational) return name + std::string{kRecoveredWords};
  return name + " cannot be asked any more; it counts as over until it can.";
}

void move(Incident& incident, Cause cause) {
  if (const auto next = next_state(incident.state, cause, incident.layer.has_value())) incident.state = *next;
}

/// Every member has been seen healthy: nobody has closed it against what the probes say.
bool ended_by_itself(const Incident& incident) {
  return std::ranges::all_of(incident.components, [](const auto& one) { return one.recovered_at.has_value(); });
}

/// The diagnosis names another pattern than the one named last. That meanwhile there was none to name is no news.
bool names_new_pattern(const Incident& incident) {
  const auto pattern = named_pattern(incident.diagnosis);
  const auto told = std::find_if(incident.timeline.rbegin(), incident.timeline.rend(), [](const Update& update) {
    return update.kind == UpdateKind::diagnosis && named_pattern(update.text);
  });
  return pattern && (told == incident.timeline.rend() || named_pattern(told->text) != pattern);
}

/// By how much the share that fails now is higher than the one told last.
double share_beyond_told(const Incident& incident) {
  for (auto entry = incident.timeline.rbegin(); entry != incident.timeline.rend(); ++entry) {
    if (entry->kind != UpdateKind::diagnosis) continue;
    if (const auto told = told_share(entry->text)) return failing_share(incident) - *told;
  }
  return 0;
}

WallTime time_of(const detect::Finding& finding) {
  return std::visit([](const auto& one) { return one.at; }, finding);
}

}  // namespace

Ledger::Ledger(Settings settings, const std::vector<ComponentId>& watched, IncidentId next)
    : settings_(std::move(settings)), next_(next) {
  for (const ComponentId& component : watched) {
    if (is_of_users(component.platform)) surroundings_.components[component] = ComponentState::unknown;
  }
}

void Ledger::restore(std::vector<Incident> known, const std::vector<detect::Belief>& beliefs,
                     const detect::SiteFinding& site) {
  std::ranges::sort(known, {}, &Incident::id);
  open_.clear();
  lately_.clear();
  for (Incident& incident : known) {
    next_ = std::max(next_, IncidentId{incident.id.number + 1});
    if (incident.state != IncidentState::resolved) {
      open_.push_back(std::move(incident));
    } else if (ended_by_itself(incident)) {
      lately_.push_back(std::move(incident));
    }
  }
  surroundings_.online = site.online;
  surroundings_.checked = site.controls > 0;
  std::set<ComponentId> unsettled;
  for (const detect::Belief& belief : beliefs) {
    if (!is_of_users(belief.component.platform)) continue;
    if (belief.answered) answered(belief.component, *belief.answered);
    surroundings_.components[belief.component] = belief.state;
    surroundings_.failures[belief.component] = belief.layers;
    if (belief.course != detect::Belief::Course::steady) unsettled.insert(belief.component);
  }
  settled_.clear();
  for (const Incident& incident : open_) {
    if (is_reopened(incident)) continue;
    for (const AffectedComponent& one : incident.components) {
      if (!unsettled.contains(one.id)) settled_.insert(one.id);
    }
  }
}

Effects Ledger::apply(const detect::Finding& finding) {
  pass_time(time_of(finding));
  if (const auto* component = std::get_if<ComponentFinding>(&finding)) on_component(*component);
  if (const auto* site = std::get_if<detect::SiteFinding>(&finding)) on_site(*site);
  return take();
}

Effects Ledger::advance(WallTime now) {
  pass_time(now);
  return take();
}

void Ledger::answered(const ComponentId& component, WallTime at) {
  if (!is_of_users(component.platform)) return;
  auto& latest = surroundings_.answered[component];
  latest = std::max(latest, at);
}

void Ledger::on_component(const ComponentFinding& finding) {
  // What vendors say of themselves has a page that may fail; nobody misses anything by it.
  if (!is_of_users(finding.component.platform)) return;
  surroundings_.components[finding.component] = finding.state;
  surroundings_.failures[finding.component] = finding.evidence.layers;
  switch (finding.turn) {
    case Turn::opened:
    case Turn::changed:
    case Turn::relapsed: return on_failing(finding);
    case Turn::recovering:
    case Turn::recovered:
    case Turn::accustomed:
    case Turn::obscured:
    case Turn::revealed: break;
  }
  Incident* incident = incident_with(finding.component);
  if (incident == nullptr) return;
  touched_.insert(incident->id);
  AffectedComponent& one = *member(*incident, finding.component);
  if (finding.turn == Turn::recovering || ends(finding.turn)) {
    on_healthy(*incident, one, finding);
  } else {
    one.state = finding.state;
  }
}

void Ledger::on_failing(const ComponentFinding& finding) {
  surroundings_.checked = finding.evidence.own_network != detect::OwnNetwork::unchecked;
  surroundings_.silent = finding.evidence.own_network == detect::OwnNetwork::silent;
  Incident* incident = incident_with(finding.component);
  if (incident != nullptr) {
    AffectedComponent& one = *member(*incident, finding.component);
    const bool again = one.recovered_at.has_value();
    // While others fail too, one that wavers is no news; one that was said to work is.
    const bool news = incident->state == IncidentState::monitoring || settled_.contains(one.id);
    settled_.erase(one.id);
    take_evidence(one, finding);
    if (again) {
      incident->layer = common_layer(*incident);
      move(*incident, Cause::relapsed);
      if (news) note(*incident, finding.at, UpdateKind::relapsed, again_line(finding, ""));
    }
    return review(*incident, finding.at);
  }
  const auto joined =
      std::ranges::find_if(open_, [&](const Incident& candidate) { return belongs(candidate, finding); });
  if (joined == open_.end()) {
    if (!take_up_again(finding)) open_incident(finding);
    return;
  }
  joined->components.push_back(new_member(finding));
  joined->onset = std::min(joined->onset, finding.onset);
  joined->layer = common_layer(*joined);
  move(*joined, Cause::relapsed);
  note(*joined, finding.at, UpdateKind::joined, joined_line(finding));
  review(*joined, finding.at);
}

/// The incident that was declared over too early: of this component, or of its companions.
bool Ledger::take_up_again(const ComponentFinding& finding) {
  const auto found = std::find_if(lately_.rbegin(), lately_.rend(),
                                  [&](const Incident& incident) { return continues(incident, finding); });
  if (found == lately_.rend()) return false;
  Incident incident = std::move(*found);
  lately_.erase(std::next(found).base());
  for (const AffectedComponent& one : incident.components) settled_.insert(one.id);
  settled_.erase(finding.component);
  if (AffectedComponent* one = member(incident, finding.component)) {
    take_evidence(*one, finding);
  } else {
    incident.components.push_back(new_member(finding));
  }
  incident.state = incident.layer ? IncidentState::identified : IncidentState::investigating;
  incident.resolved_at.reset();
  incident.recovery.reset();
  note(incident, finding.at, UpdateKind::relapsed, again_line(finding, " after it was over"));
  open_.push_back(std::move(incident));
  std::ranges::sort(open_, {}, &Incident::id);
  Incident& again = *incident_with(finding.component);
  review(again, finding.at);
  announce(again, finding.at);
  return true;
}

void Ledger::open_incident(const ComponentFinding& finding) {
  Incident incident;
  incident.id = next_;
  ++next_.number;
  incident.onset = finding.onset;
  incident.opened_at = finding.at;
  incident.components.push_back(new_member(finding));
  incident.severity = incident.peak_severity = severity_of(incident);
  note(incident, finding.at, UpdateKind::detected, evidence_line(finding));
  open_.push_back(std::move(incident));
  review(open_.back(), finding.at);
}

void Ledger::on_healthy(Incident& incident, AffectedComponent& one, const ComponentFinding& finding) {
  one.state = finding.state;
  one.share = 0;
  if (!one.recovered_at) one.recovered_at = finding.at;
  if (finding.last_failure) one.last_failure = finding.last_failure;
  if (ends(finding.turn)) {
    settled_.insert(one.id);
    if (incident.components.size() > 1 || finding.turn == Turn::accustomed)
      note(incident, finding.at, UpdateKind::recovered, end_line(finding));
  }
  review(incident, finding.at);
}

void Ledger::on_site(const detect::SiteFinding& finding) {
  surroundings_.online = finding.online;
  surroundings_.checked = finding.controls > 0;
  surroundings_.silent = false;
  for (Incident& incident : open_) {
    touched_.insert(incident.id);
    note(incident, finding.at, UpdateKind::site,
         finding.online
             ? "Our own network is back."
             : fmt::format("Our own network is down ({} of {} control hosts fail). Until it is back, nothing "
                           "is known of the platforms; the incident stays as it is.",
                           finding.controls_failing, finding.controls));
    describe(incident);
  }
}

/// Draws the conclusions from changed members: severity, state, layer, title, diagnosis.
void Ledger::review(Incident& incident, WallTime at) {
  touched_.insert(incident.id);
  const auto everyone = [&incident](const auto& holds) { return std::ranges::all_of(incident.components, holds); };
  if (everyone([this](const auto& one) { return settled_.contains(one.id); })) return resolve(incident, at);

  const auto former_layer = std::exchange(incident.layer, common_layer(incident));
  const bool settled_layer = is_announced(incident) && !untold_since(incident);
  if (const auto severity = severity_of(incident); severity > incident.severity) {
    note(incident, at, UpdateKind::severity,
         fmt::format("Severity rises from {} to {}.", to_string(incident.severity), to_string(severity)));
    incident.severity = severity;
    incident.peak_severity = std::max(incident.peak_severity, severity);
  }
  // Where the last one is over at once, so may be all the others: whether there is anything to watch shows later.
  if (quiet_since(incident) &&
      everyone([&](const auto& one) { return !settled_.contains(one.id) || *one.recovered_at < at; }))
    begin_monitoring(incident, at);
  describe(incident);
  const bool still_fails = !everyone([](const auto& one) { return one.recovered_at || rank(one.peak_state) < 2; });
  if (!settled_layer || untold_since(incident)) return;
  const auto say = [&](std::string_view news) {
    note(incident, at, UpdateKind::diagnosis, fmt::format("{} {}", news, incident.diagnosis));
  };
  if (still_fails && incident.layer != former_layer && incident.layer) {
    move(incident, Cause::located);
    say(kElsewhereWords);
  } else if (incident.state == IncidentState::monitoring) {
    return;
  } else if (names_new_pattern(incident)) {
    say(kNewPatternWords);
  } else if (const double more = still_fails ? share_beyond_told(incident) : 0; std::abs(more) >= detect::kOtherShare) {
    say(more > 0 ? kMoreWords : kLessWords);
  }
}

/// Since when all members answer again of an incident that is not said to be watched for it.
std::optional<WallTime> Ledger::quiet_since(const Incident& incident) {
  if (incident.state == IncidentState::monitoring || incident.state == IncidentState::resolved) return std::nullopt;
  if (!ended_by_itself(incident)) return std::nullopt;
  WallTime since = WallTime::min();
  for (const AffectedComponent& one : incident.components) since = std::max(since, *one.recovered_at);
  return since;
}

void Ledger::begin_monitoring(Incident& incident, WallTime at) {
  touched_.insert(incident.id);
  move(incident, Cause::quiet);
  incident.monitoring_at = at;
  note(incident, at, UpdateKind::monitoring, "Everything answers again; watching whether it lasts.");
}

void Ledger::resolve(Incident& incident, WallTime at) {
  if (!is_announced(incident)) announce(incident, at);
  move(incident, Cause::over);
  incident.resolved_at = at;
  incident.recovery = incident.onset;
  for (AffectedComponent& one : incident.components) {
    one.state = ComponentState::operational;
    one.share = 0;
    if (!one.recovered_at) one.recovered_at = at;
    if (one.last_failure) incident.recovery = std::max(*incident.recovery, *one.last_failure);
    settled_.erase(one.id);
  }
  describe(incident);
  note(incident, at, UpdateKind::resolved, "Over. " + incident.diagnosis);
  announcements_.push_back({incident.id, AnnouncementKind::resolved, at});
}

void Ledger::pass_time(WallTime now) {
  std::erase_if(lately_, [&](const Incident& one) { return now > *one.resolved_at + settings_.relapse_window; });
  for (Incident& incident : open_) {
    if (incident.state == IncidentState::resolved) continue;
    const auto told = due(incident);
    if (told && (now >= *told || now < *untold_since(incident) - kDisorder)) announce(incident, now);
    const bool over =
        std::ranges::all_of(incident.components, [this](const auto& one) { return settled_.contains(one.id); });
    if (over) {
      touched_.insert(incident.id);
      resolve(incident, now);
      continue;
    }
    const auto quiet = quiet_since(incident);
    if (quiet && now > *quiet && !is_reopened(incident)) {
      begin_monitoring(incident, std::max(*quiet, incident.timeline.back().at));
      describe(incident);
    }
  }
}

void Ledger::announce(Incident& incident, WallTime at) {
  touched_.insert(incident.id);
  const auto kind = is_announced(incident) ? AnnouncementKind::updated : AnnouncementKind::opened;
  if (incident.layer) move(incident, Cause::located);
  describe(incident);
  note(incident, at, UpdateKind::diagnosis, incident.diagnosis);
  announcements_.push_back({incident.id, kind, at});
}

void Ledger::describe(Incident& incident) {
  std::set<std::string> platforms;
  for (const AffectedComponent& one : incident.components) platforms.insert(one.id.platform);
  incident.shared_cause = platforms.size() > 1;
  incident.title = title(incident, surroundings_);
  incident.diagnosis = diagnosis(incident, surroundings_);
}

std::optional<WallTime> Ledger::next_deadline() const {
  std::optional<WallTime> next;
  for (const Incident& incident : open_) {
    const auto told = due(incident);
    if (told && (!next || *told < *next)) next = told;
  }
  return next;
}

std::optional<WallTime> Ledger::due(const Incident& incident) const {
  const auto since = untold_since(incident);
  if (!since) return std::nullopt;
  const WallTime held = *since + settings_.hold;
  const auto described = described_at(incident);
  // A description later than what is untold was written before the clock was set back.
  const bool counts = described && *described <= *since + kDisorder;
  return counts ? std::max(held, *described + settings_.update_pause) : held;
}

/// One of its members, or one that shares the owner and the tier, or the platform and the layer, with a member.
bool Ledger::continues(const Incident& incident, const ComponentFinding& finding) const {
  const auto layer = finding.layer;
  return std::ranges::any_of(incident.components, [&](const AffectedComponent& one) {
    if (one.id == finding.component) return true;
    if (owner_of(one.id) != owner_of(finding.component) || one.id.platform == kOwnPlatform) return false;
    return one.id.function == finding.component.function ||
           (detect::is_media(one.id.function) && detect::is_media(finding.component.function)) ||
           (one.id.platform == finding.component.platform && layer && one.layer == layer);
  });
}

/// One owner, and something more in common: the time of the onset, the function or its tier, the platform or the layer.
bool Ledger::belongs(const Incident& incident, const ComponentFinding& finding) const {
  if (incident.state == IncidentState::resolved) return false;
  const auto layer = finding.layer;
  return std::ranges::any_of(incident.components, [&](const AffectedComponent& one) {
    if (owner_of(one.id) != owner_of(finding.component)) return false;
    const Micros apart = std::max(finding.onset, one.onset) - std::min(finding.onset, one.onset);
    // Sites of the user's own have nothing but the time in common.
    if (one.id.platform == kOwnPlatform) return apart <= settings_.correlation_window;
    return apart <= settings_.correlation_window || one.id.function == finding.component.function ||
           (detect::is_media(one.id.function) && detect::is_media(finding.component.function)) ||
           one.id.platform == finding.component.platform || (layer && one.layer == layer);
  });
}

const std::string& Ledger::owner_of(const ComponentId& component) const {
  const auto found = settings_.owners.find(component.platform);
  return found == settings_.owners.end() ? component.platform : found->second;
}

Incident* Ledger::incident_with(const ComponentId& component) {
  for (Incident& incident : open_) {
    if (incident.state != IncidentState::resolved && member(incident, component) != nullptr) return &incident;
  }
  return nullptr;
}

Effects Ledger::take() {
  Effects effects;
  for (const Incident& incident : open_) {
    if (touched_.contains(incident.id)) effects.changed.push_back(incident);
  }
  for (Incident& incident : open_) {
    if (incident.state == IncidentState::resolved && ended_by_itself(incident)) lately_.push_back(incident);
  }
  std::erase_if(open_, [](const Incident& incident) { return incident.state == IncidentState::resolved; });
  touched_.clear();
  effects.announcements = std::exchange(announcements_, {});
  return effects;
}

}  // namespace outaged::incident
