// The incidents of a Reader, with their components and timelines.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/bind.hpp"
#include "store/reader.hpp"

namespace outaged::store {
namespace {

std::vector<incident::AffectedComponent> read_components(SQLite::Database& database, std::int64_t incident) {
  SQLite::Statement row(
      database,
      "SELECT component, state, peak_state, onset, joined_at, last_failure, recovered_at, share, "
      "worst_share, layer, kind, example FROM incident_component WHERE incident = ? ORDER BY position");
  row.bind(1, incident);
  std::vector<incident::AffectedComponent> out;
  while (row.executeStep()) {
    out.push_back({.id = component_at(row, 0),
                   .state = enum_at(row, 1, ComponentState::unknown),
                   .peak_state = enum_at(row, 2, ComponentState::unknown),
                   .onset = time_at(row, 3),
                   .joined_at = time_at(row, 4),
                   .last_failure = optional_time_at(row, 5),
                   .recovered_at = optional_time_at(row, 6),
                   .share = row.getColumn(7).getDouble(),
                   .worst_share = row.getColumn(8).getDouble(),
                   .layer = optional_enum_at<Layer>(row, 9),
                   .kind = row.getColumn(10).getString(),
                   .example = row.getColumn(11).getString()});
  }
  return out;
}

std::vector<incident::Update> read_timeline(SQLite::Database& database, std::int64_t incident) {
  SQLite::Statement row(database,
                        "SELECT at, kind, state, text FROM incident_update WHERE incident = ? ORDER BY position");
  row.bind(1, incident);
  std::vector<incident::Update> out;
  while (row.executeStep()) {
    out.push_back({time_at(row, 0), enum_at(row, 1, incident::UpdateKind::note),
                   enum_at(row, 2, IncidentState::investigating), row.getColumn(3).getString()});
  }
  return out;
}

}  // namespace

std::vector<incident::Incident> Reader::incidents_where(const std::string& condition, WallTime since, int limit) {
  SQLite::Statement row(*database_,
                        "SELECT id, state, severity, peak_severity, title, diagnosis, shared_cause, layer, onset, "
                        "opened_at, monitoring_at, recovery, resolved_at FROM incident WHERE " +
                            condition + " LIMIT ?2");
  row.bind(1, raw(since));
  row.bind(2, limit);
  std::vector<incident::Incident> out;
  while (row.executeStep()) {
    incident::Incident incident;
    incident.id = {row.getColumn(0).getInt64()};
    incident.state = enum_at(row, 1, IncidentState::investigating);
    incident.severity = enum_at(row, 2, Severity::minor);
    incident.peak_severity = enum_at(row, 3, Severity::minor);
    incident.title = row.getColumn(4).getString();
    incident.diagnosis = row.getColumn(5).getString();
    incident.shared_cause = row.getColumn(6).getInt() != 0;
    incident.layer = optional_enum_at<Layer>(row, 7);
    incident.onset = time_at(row, 8);
    incident.opened_at = time_at(row, 9);
    incident.monitoring_at = optional_time_at(row, 10);
    incident.recovery = optional_time_at(row, 11);
    incident.resolved_at = optional_time_at(row, 12);
    incident.components = read_components(*database_, incident.id.number);
    incident.timeline = read_timeline(*database_, incident.id.number);
    out.push_back(std::move(incident));
  }
  return out;
}

std::vector<incident::Incident> Reader::open_incidents() {
  return incidents_where("resolved_at IS NULL AND ?1 IS NOT NULL ORDER BY id", WallTime{}, -1);
}

std::vector<incident::Incident> Reader::incidents(WallTime since, int limit) {
  return incidents_where("(resolved_at IS NULL OR resolved_at >= ?1) ORDER BY id DESC", since, limit);
}

std::vector<incident::Incident> Reader::incidents_page(WallTime since, IncidentId before, int limit) {
  return incidents_where(
      "(resolved_at IS NULL OR resolved_at >= ?1) AND id < " + std::to_string(before.number) + " ORDER BY id DESC",
      since, limit);
}

std::optional<incident::Incident> Reader::incident(IncidentId id) {
  auto found = incidents_where("id = " + std::to_string(id.number) + " AND ?1 IS NOT NULL", WallTime{}, 1);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

IncidentId Reader::last_incident_id() {
  return {database_->execAndGet("SELECT coalesce(max(id), 0) FROM incident").getInt64()};
}

}  // namespace outaged::store
