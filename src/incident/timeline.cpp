#include "incident/timeline.hpp"

#include <algorithm>
#include <array>

namespace outaged::incident {

void note(Incident& incident, WallTime at, UpdateKind kind, std::string text) {
  incident.timeline.push_back({at, kind, incident.state, std::move(text)});
}

bool is_announced(const Incident& incident) {
  return std::ranges::find(incident.timeline, UpdateKind::diagnosis, &Update::kind) != incident.timeline.end();
}

bool is_acknowledged(const Incident& incident) {
  return std::ranges::find(incident.timeline, UpdateKind::acknowledged, &Update::kind) != incident.timeline.end();
}

bool is_reopened(const Incident& incident) {
  return std::ranges::find(incident.timeline, UpdateKind::reopened, &Update::kind) != incident.timeline.end();
}

std::optional<WallTime> untold_since(const Incident& incident) {
  std::optional<WallTime> since;
  for (auto entry = incident.timeline.rbegin(); entry != incident.timeline.rend(); ++entry) {
    if (entry->kind == UpdateKind::diagnosis) break;
    if (entry->kind == UpdateKind::detected || entry->kind == UpdateKind::severity) since = entry->at;
  }
  return since;
}

std::optional<WallTime> described_at(const Incident& incident) {
  const auto last = std::find_if(incident.timeline.rbegin(), incident.timeline.rend(),
                                 [](const Update& entry) { return entry.kind == UpdateKind::diagnosis; });
  if (last == incident.timeline.rend()) return std::nullopt;
  return last->at;
}

AffectedComponent* member(Incident& incident, const ComponentId& component) {
  const auto found = std::ranges::find(incident.components, component, &AffectedComponent::id);
  return found == incident.components.end() ? nullptr : &*found;
}

std::optional<Layer> common_layer(const Incident& incident) {
  const bool any_failing =
      std::ranges::any_of(incident.components, [](const auto& one) { return !one.recovered_at.has_value(); });
  std::array<int, enum_names<Layer>().size()> counts{};
  for (const AffectedComponent& one : incident.components) {
    if (one.layer && (!any_failing || !one.recovered_at)) ++counts[static_cast<std::size_t>(*one.layer)];
  }
  const auto most = std::ranges::max_element(counts);
  if (*most == 0) return std::nullopt;
  return static_cast<Layer>(most - counts.begin());
}

}  // namespace outaged::incident
