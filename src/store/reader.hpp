#pragma once
// Reader: answers questions from the database, on a read-only connection of its own. Works beside a running writer and
// on the file of a daemon that stopped or was killed. One thread. Methods throw SQLite::Exception when the file fails
// while it is read; what they give is one consistent view per call.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/Database.h>

#include "base/expected.hpp"
#include "core/result.hpp"
#include "detect/finding.hpp"
#include "incident/incident.hpp"
#include "store/rows.hpp"

namespace outaged::store {

class Reader {
 public:
  /// Or a sentence that says why not.
  static Expected<Reader, std::string> open(const std::string& path);

  std::vector<ProbeRow> probes();
  std::vector<ComponentStateRow> component_states();
  /// From `since` on, for every component of an active probe; latencies from at most the last 500 successes of a probe.
  std::vector<ComponentCounts> component_counts(WallTime since);
  std::optional<detect::SiteFinding> site();
  std::vector<detect::ProbeProblem> open_problems();

  /// Oldest first, whole.
  std::vector<incident::Incident> open_incidents();
  /// Newest first; those that were open at some time since `since`; at most `limit`.
  std::vector<incident::Incident> incidents(WallTime since, int limit);
  std::optional<incident::Incident> incident(IncidentId id);
  IncidentId last_incident_id();

  /// The last run of every probe; without its steps.
  std::vector<Result> latest_results();
  /// The last runs of one probe, newest first, whole.
  std::vector<Result> results(const ProbeId& probe, int limit);
  /// All runs that began at or after `since`, by time of beginning, without steps: to bring detection up to date.
  std::vector<Result> results_since(WallTime since);
  /// The same before `until`, for reading a long time in parts.
  std::vector<Result> results_between(WallTime since, WallTime until);
  /// When the first and the last stored run began; nothing when there is none.
  std::optional<std::pair<WallTime, WallTime>> result_span();

  /// Rows still to be sent, by ascending id.
  std::vector<OutboxEntry> pending_outbox();
  /// The last rows whatever became of them, newest first.
  std::vector<OutboxEntry> recent_outbox(int limit);

  std::optional<DetectorState> detector_state(const std::string& name);
  std::optional<std::string> meta(const std::string& name);

 private:
  explicit Reader(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}
  std::vector<incident::Incident> incidents_where(const std::string& condition, WallTime since, int limit);
  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace outaged::store
