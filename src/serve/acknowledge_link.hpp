#pragma once
// Links in messages by which whoever reads one can say "I am on it": they name the incident and when they end, and are
// signed (HMAC-SHA-256), so that they need no log-in and open nothing else. Opening one only asks; programs that look
// at links in mails and chats before people do acknowledge nothing. Pure but for the routes.
#include <memory>
#include <string>

#include "base/expected.hpp"
#include "base/secret.hpp"
#include "serve/api.hpp"

namespace outaged::serve {

/// "/acknowledge/12/1562331842/…", with a leading slash; good until `ends` (whole seconds).
std::string acknowledge_path(const Secret& key, IncidentId incident, WallTime ends);

enum class LinkFault { forged, ended };

/// The incident of a link, from the segments after "acknowledge".
Expected<IncidentId, LinkFault> read_acknowledge_path(const Secret& key, const std::string& incident,
                                                      const std::string& ends, const std::string& signature,
                                                      WallTime now);

/// GET asks who it is; POST with the form's "by" acknowledges. None without Daemon::link_key.
std::vector<Route> acknowledge_routes(const Daemon& daemon);

}  // namespace outaged::serve
