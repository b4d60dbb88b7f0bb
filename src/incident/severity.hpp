#pragma once
// How grave an incident is: share × function × number of platforms.
#include "incident/incident.hpp"

namespace outaged::incident {

/// Each platform counts with its worst component: what its state costs (degraded 0.25, partial 0.5, major 1) times what
/// the function is worth (messages, log-in, own sites 1; media and feed 0.7; others 0.5). The sum over the platforms is
/// minor below 0.5, major below 1.5, critical from there on. Worst states so far count, so that it never falls by
/// itself.
Severity severity_of(const Incident& incident);

}  // namespace outaged::incident
