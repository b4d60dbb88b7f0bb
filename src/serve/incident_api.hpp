#pragma once
// What people say and decide about incidents, over HTTP: POST /api/v1/incidents/ID/{acknowledge,note,hypothesis,vendor,
// resolve,reopen} with {"text": …, "by": …}; both may be left out where they say nothing. The answer is the incident.
#include <memory>

#include "serve/api.hpp"
#include "serve/gate.hpp"
#include "store/reader.hpp"

namespace outaged::serve {

/// Of who says something, in bytes.
inline constexpr std::size_t kLongestName = 64;

std::vector<Route> incident_write_routes(const Daemon& daemon, const std::shared_ptr<Gate>& gate);

/// Daemon::intervene as something to wait for. `resolved` as there.
boost::asio::awaitable<Expected<incident::Incident, std::string>> intervene(Daemon daemon, incident::Intervention said,
                                                                            std::optional<incident::Incident> resolved);

/// The number of an incident in a path; nothing when it is none.
std::optional<IncidentId> parse_incident_id(const std::string& text);

/// What is stored of the incident that a path names; nothing when there is none.
std::optional<incident::Incident> stored_incident(const std::string& id, store::Reader& reader);
Response unknown_incident(const std::string& id);

}  // namespace outaged::serve
