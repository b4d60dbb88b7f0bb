#pragma once
// Reading and writing an incident's timeline.
#include <optional>
#include <string>

#include "incident/incident.hpp"

namespace outaged::incident {

/// Appends an entry with the incident's present state.
void note(Incident& incident, WallTime at, UpdateKind kind, std::string text);

/// Whether the opening has been announced.
bool is_announced(const Incident& incident);

/// Since when something is to be told: the first `detected` or `severity` entry after the last `diagnosis` entry.
std::optional<WallTime> untold_since(const Incident& incident);

/// When it was described last: with an announcement, or because the failing layer changed. Nothing before the first.
std::optional<WallTime> described_at(const Incident& incident);

/// Whether a person has said so.
bool is_acknowledged(const Incident& incident);

/// Whether a person has taken it up again after it was resolved.
bool is_reopened(const Incident& incident);

AffectedComponent* member(Incident& incident, const ComponentId& component);

/// Where most members break that have not recovered (all members, once they have); nothing while no member says.
std::optional<Layer> common_layer(const Incident& incident);

}  // namespace outaged::incident
