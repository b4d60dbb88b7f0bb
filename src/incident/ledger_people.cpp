// The part of the ledger that takes in what people say and decide.
#include <algorithm>

#include "incident/course.hpp"
#include "incident/ledger.hpp"
#include "incident/timeline.hpp"

namespace outaged::incident {
namespace {

UpdateKind entry_kind(InterventionKind kind) {
  switch (kind) {
    case InterventionKind::acknowledge: return UpdateKind::acknowledged;
    case InterventionKind::note: return UpdateKind::note;
    case InterventionKind::hypothesis: return UpdateKind::hypothesis;
    case InterventionKind::vendor: return UpdateKind::vendor;
    case InterventionKind::resolve: return UpdateKind::resolved;
    case InterventionKind::reopen: return UpdateKind::reopened;
  }
  return UpdateKind::note;
}

std::string entry_text(const Intervention& said) {
  const auto with_text = [&said](const std::string& deed) {
    return deed + said.by + (said.text.empty() ? "." : ": " + said.text);
  };
  switch (said.kind) {
    case InterventionKind::acknowledge: return with_text("Acknowledged by ");
    case InterventionKind::resolve: return with_text("Resolved by ");
    case InterventionKind::reopen: return with_text("Reopened by ");
    case InterventionKind::vendor: return said.text;
    case InterventionKind::note:
    case InterventionKind::hypothesis: break;
  }
  return said.text + " (" + said.by + ")";
}

bool failing(ComponentState state) {
  return state == ComponentState::degraded_performance || state == ComponentState::partial_outage ||
         state == ComponentState::major_outage;
}

}  // namespace

Expected<Effects, std::string> Ledger::intervene(const Intervention& said, WallTime at) {
  const auto found = std::ranges::find_if(
      open_, [&said](const Incident& one) { return one.id == said.incident && one.state != IncidentState::resolved; });
  std::string refusal;
  if (found == open_.end()) {
    refusal = "This incident is resolved.";
  } else if (said.kind == InterventionKind::reopen) {
    refusal = "This incident is open.";
  } else if (said.kind == InterventionKind::acknowledge && is_acknowledged(*found)) {
    refusal = "This incident is acknowledged already.";
  }
  if (!refusal.empty()) return Unexpected{refusal};
  Incident& incident = *found;
  touched_.insert(incident.id);
  if (said.kind == InterventionKind::resolve) {
    if (!is_announced(incident)) announce(incident, at);
    move_over(incident, at);
  }
  note(incident, at, entry_kind(said.kind), entry_text(said));
  if (is_announced(incident)) {
    const bool over = said.kind == InterventionKind::resolve;
    announcements_.push_back({incident.id, over ? AnnouncementKind::resolved : AnnouncementKind::updated, at});
  }
  return take();
}

Effects Ledger::remark(const ComponentId& component, std::string text, WallTime at) {
  if (Incident* incident = incident_with(component); incident != nullptr) {
    touched_.insert(incident->id);
    note(*incident, at, UpdateKind::note, std::move(text));
  }
  return take();
}

/// What the components do is left as it was last seen: a person closes the case, the probes have their own opinion.
void Ledger::move_over(Incident& incident, WallTime at) {
  incident.state = next_state(incident.state, Cause::over, incident.layer.has_value()).value_or(incident.state);
  incident.resolved_at = at;
  incident.recovery = incident.onset;
  for (const AffectedComponent& one : incident.components) {
    if (one.last_failure) incident.recovery = std::max(*incident.recovery, *one.last_failure);
    settled_.erase(one.id);
  }
}

Expected<Effects, std::string> Ledger::reopen(Incident incident, const Intervention& said, WallTime at) {
  const auto same = [&incident](const Incident& one) { return one.id == incident.id; };
  if (!incident.resolved_at || std::ranges::any_of(open_, same))
    return Unexpected{std::string{"This incident is open."}};
  for (const AffectedComponent& one : incident.components) {
    if (const Incident* other = incident_with(one.id); other != nullptr)
      return Unexpected{component_name(one.id) + " is part of incident " + std::to_string(other->id.number) + " now."};
  }
  std::erase_if(lately_, same);
  incident.resolved_at.reset();
  incident.recovery.reset();
  incident.monitoring_at.reset();
  incident.state = incident.layer ? IncidentState::identified : IncidentState::investigating;
  for (AffectedComponent& one : incident.components) {
    const auto believed = surroundings_.components.find(one.id);
    if (believed == surroundings_.components.end() || !failing(believed->second)) continue;
    one.state = believed->second;
    one.recovered_at.reset();
  }
  describe(incident);
  note(incident, at, UpdateKind::reopened, entry_text(said));
  touched_.insert(incident.id);
  if (is_announced(incident)) announcements_.push_back({incident.id, AnnouncementKind::updated, at});
  open_.push_back(std::move(incident));
  std::ranges::sort(open_, {}, &Incident::id);
  return take();
}

}  // namespace outaged::incident
