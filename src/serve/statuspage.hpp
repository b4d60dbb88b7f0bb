#pragma once
// The documents of Atlassian Statuspage's public API, version 2, so that clients made for it read us. Made from the
// documents of our own API. Pure.
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace outaged::serve {

/// `name`: the path behind /api/v2/, such as "summary.json" or "incidents/unresolved.json". `status`, `incidents`: as
/// /api/v1 has them. `address`: where people reach the page. Nothing for a name that the format does not know.
std::optional<nlohmann::json> statuspage_document(const std::string& name, const nlohmann::json& status,
                                                  const nlohmann::json& incidents, const std::string& address);

}  // namespace outaged::serve
