#pragma once
// The documents of Atlassian Statuspage's public API, version 2, so that clients made for it read us. Made from the
// documents of our own API. Pure.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "serve/maintenance.hpp"
#include "store/rows.hpp"

namespace outaged::serve {

/// What they are made from. A document needs little of it, so what must be looked up is asked for when it is needed.
struct StatuspageSources {
  const nlohmann::json& status;               ///< as /api/v1 has it
  std::function<nlohmann::json()> incidents;  ///< likewise, the list
  /// Past ones and those to come, by the time when they begin.
  std::function<std::vector<MaintenanceWindow>()> maintenance;
  /// What components were believed to be, by component and time: what an update of an incident was about.
  std::function<std::vector<store::ComponentInterval>()> intervals;
  std::string address;  ///< where people reach the page
};

/// `name`: the path behind /api/v2/, such as "summary.json" or "incidents/unresolved.json". Nothing for a name that the
/// format does not know. What is not known is null, such as when a maintenance was announced.
std::optional<nlohmann::json> statuspage_document(const std::string& name, const StatuspageSources& sources);

}  // namespace outaged::serve
