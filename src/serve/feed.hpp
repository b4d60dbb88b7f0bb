#pragma once
// Incidents for feed readers (RFC 4287) and states as small pictures. Pure.
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace outaged::serve {

/// `incidents`: the list of /api/v1/incidents, newest first; `address`: where people reach the page. Ids depend on the
/// site and the incident alone: a reader knows an entry again however it reached us. The feed is as old as its youngest
/// entry, so the same incidents are the same bytes.
std::string atom_feed(const nlohmann::json& incidents, const std::string& site, const std::string& address);

/// `label | word` in the colour of `state` (a name of ComponentState).
std::string badge(const std::string& label, const std::string& state);

}  // namespace outaged::serve
