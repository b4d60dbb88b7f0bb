#pragma once
// The routes of the daemon's HTTP server.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/expected.hpp"
#include "base/secret.hpp"
#include "core/result.hpp"
#include "incident/incident.hpp"
#include "incident/intervention.hpp"
#include "serve/documents.hpp"
#include "serve/http.hpp"
#include "serve/maintenance.hpp"
#include "serve/vitals.hpp"

namespace outaged::serve {

class Gate;

/// What the routes need of the rest of the daemon. The functions may be called on the server's thread at any time while
/// the server runs.
struct Daemon {
  std::string database;
  std::string site;
  std::string version;
  std::string public_address;  ///< where people reach the page, without a slash at the end; "" not known
  std::function<WallTime()> now;
  std::function<Instant()> clock;  ///< real time, also where `now` runs faster
  /// Runs a probe now and calls back, on any thread, with its result; nothing when there is no such active probe or the
  /// run was given up. Calls back once, unless the daemon stops.
  std::function<void(ProbeId, std::function<void(std::optional<Result>)>)> run_probe;
  /// Takes in what a person says about an incident, and calls back, on any thread, once it is stored: with the incident
  /// as it is now, or with a sentence that says why it cannot be. `resolved`: the incident as it is stored, when it is.
  std::function<void(incident::Intervention, std::optional<incident::Incident> resolved,
                     std::function<void(Expected<incident::Incident, std::string>)>)>
      intervene;
  /// A user says that a component does not work, and perhaps more.
  std::function<void(ComponentId, std::string words)> user_report;
  Secret admin_token;  ///< empty: nothing can be changed over TCP
  Secret link_key;     ///< signs links to acknowledge by; empty: there are none
  std::function<Vitals()> vitals;
  /// The times of all maintenance that touch the time from `from` to `until`.
  std::function<std::vector<MaintenanceWindow>(WallTime from, WallTime until)> maintenance;
};

/// How the daemon looks at its documents now.
View view_of(const Daemon& daemon);

/// `executor`: that of the server's thread.
std::vector<Route> api_routes(const Daemon& daemon, const boost::asio::any_io_executor& executor,
                              const std::shared_ptr<Gate>& gate);

}  // namespace outaged::serve
