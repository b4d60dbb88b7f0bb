#pragma once
// Incident: one outage event, as people will read it. A value: stored whole, announced, shown.
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/names.hpp"
#include "core/vocabulary.hpp"

namespace outaged::incident {

/// One component's part in an incident.
struct AffectedComponent {
  ComponentId id;
  ComponentState state = ComponentState::operational;       ///< now
  ComponentState peak_state = ComponentState::operational;  ///< the worst so far
  WallTime onset;                                           ///< first bad result
  WallTime joined_at;                                       ///< when the incident took it in
  std::optional<WallTime> last_failure;                     ///< last bad result so far
  std::optional<WallTime> recovered_at;                     ///< set while it is believed healthy again
  double share = 0;                                         ///< of recent attempts that fail, 0 … 1
  double worst_share = 0;
  std::optional<Layer> layer;  ///< where most of it breaks
  std::string kind;            ///< the commonest Failure::kind
  std::string example;         ///< one failure in words
  bool operator==(const AffectedComponent&) const = default;
};

enum class UpdateKind {
  detected,
  joined,
  severity,
  diagnosis,
  acknowledged,
  vendor,
  note,
  hypothesis,
  site,
  monitoring,
  relapsed,
  recovered,  ///< one component of several
  resolved,
  reopened  ///< by a person
};

/// One entry of the timeline.
struct Update {
  WallTime at;
  UpdateKind kind = UpdateKind::note;
  IncidentState state = IncidentState::investigating;  ///< the incident's state after it
  std::string text;
  bool operator==(const Update&) const = default;
};

struct Incident {
  IncidentId id;
  IncidentState state = IncidentState::investigating;
  Severity severity = Severity::minor;
  Severity peak_severity = Severity::minor;
  std::string title;      ///< one line: what fails for a person
  std::string diagnosis;  ///< a few sentences: share, layer, what still works, our own network
  bool shared_cause = false;
  std::optional<Layer> layer;
  WallTime onset;
  WallTime opened_at;
  std::optional<WallTime> monitoring_at;
  std::optional<WallTime> recovery;  ///< last bad result, once it is over
  std::optional<WallTime> resolved_at;
  std::vector<AffectedComponent> components;  ///< in order of joining
  std::vector<Update> timeline;               ///< oldest first; only ever appended to
  bool operator==(const Incident&) const = default;
};

/// When it ended for people: with the last bad result, not when that was believed to be the last. Nothing while it goes
/// on.
inline std::optional<WallTime> end_of(const Incident& incident) {
  if (!incident.resolved_at) return std::nullopt;
  return incident.recovery ? incident.recovery : incident.resolved_at;
}

/// Why somebody should be told. `updated` only when something changed that matters to a reader.
enum class AnnouncementKind { opened, updated, resolved };

struct Announcement {
  IncidentId incident;
  AnnouncementKind kind = AnnouncementKind::opened;
  WallTime at;
  bool operator==(const Announcement&) const = default;
};

}  // namespace outaged::incident

namespace outaged {
template <>
inline constexpr auto kEnumNames<incident::UpdateKind> = std::to_array<std::string_view>(
    {"detected", "joined", "severity", "diagnosis", "acknowledged", "vendor", "note", "hypothesis", "site",
     "monitoring", "relapsed", "recovered", "resolved", "reopened"});
template <>
inline constexpr auto kEnumNames<incident::AnnouncementKind> = std::to_array<std::string_view>({"opened", "updated",
                                                                                                "resolved"});
}  // namespace outaged
