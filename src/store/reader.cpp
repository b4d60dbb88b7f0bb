#include "store/reader.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include <SQLiteCpp/Statement.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "store/bind.hpp"
#include "store/database.hpp"
#include "store/result_codec.hpp"
#include "store/result_row.hpp"

namespace outaged::store {
namespace {

constexpr int kLatencySample = 500;

void read_steps(SQLite::Database& database, Result& result) {
  SQLite::Statement row(
      database,
      "SELECT s.step, s.kind, s.class, s.status, s.sent, s.received, s.dns, s.connect, s.tls, s.send, "
      "s.wait, s.receive, a.address, a.certificate_ends, f.layer, f.phase, f.kind, f.detail "
      "FROM result_step s JOIN probe p ON p.id = s.probe LEFT JOIN peer a ON a.id = s.peer "
      "LEFT JOIN result_failure f ON f.probe = s.probe AND f.at = s.at AND f.position = s.position "
      "WHERE p.name = ? AND s.at = ? ORDER BY s.position");
  row.bind(1, result.probe.name);
  row.bind(2, to_milliseconds(result.at));
  while (row.executeStep()) {
    StepResult step;
    step.step = static_cast<std::uint8_t>(row.getColumn(0).getInt());
    step.kind = decode_kind(row.getColumn(1).getInt64());
    step.result_class = decode_class(row.getColumn(2).getInt64());
    step.status = static_cast<std::uint16_t>(row.getColumn(3).getInt());
    step.bytes_sent = static_cast<std::uint64_t>(row.getColumn(4).getInt64());
    step.bytes_received = static_cast<std::uint64_t>(row.getColumn(5).getInt64());
    step.phases = phases_at(row, 6);
    set_peer(row, 12, step);
    if (!row.isColumnNull(14)) step.failure = failure_at(row, 14);
    result.steps.push_back(std::move(step));
  }
}

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

std::vector<OutboxEntry> read_outbox(SQLite::Database& database, const std::string& rest,
                                     const std::string& value = {}) {
  SQLite::Statement row(
      database,
      "SELECT o.id, o.reference, o.incident, o.channel, o.kind, o.payload, o.created, o.not_before, o.expires, "
      "o.attempts, o.state, o.detail, coalesce(c.handle, ''), o.told FROM outbox o "
      "LEFT JOIN conversation c ON c.channel = o.channel AND c.incident = o.incident " +
          rest);
  if (!value.empty()) row.bind(1, value);
  std::vector<OutboxEntry> out;
  while (row.executeStep()) {
    out.push_back({.id = row.getColumn(0).getInt64(),
                   .reference = row.getColumn(1).getString(),
                   .incident = {row.getColumn(2).getInt64()},
                   .channel = row.getColumn(3).getString(),
                   .kind = row.getColumn(4).getString(),
                   .payload = row.getColumn(5).getString(),
                   .created = time_at(row, 6),
                   .not_before = time_at(row, 7),
                   .expires = time_at(row, 8),
                   .attempts = row.getColumn(9).getInt(),
                   .state = row.getColumn(10).getString(),
                   .detail = row.getColumn(11).getString(),
                   .handle = row.getColumn(12).getString(),
                   .told = static_cast<std::size_t>(row.getColumn(13).getInt64())});
  }
  return out;
}

/// Nearest-rank quantile; reorders `values`.
std::optional<Micros> quantile(std::vector<Micros>& values, double q) {
  if (values.empty()) return std::nullopt;
  const auto rank = static_cast<std::ptrdiff_t>(std::lround(q * static_cast<double>(values.size() - 1)));
  const auto place = values.begin() + rank;
  std::ranges::nth_element(values, place);
  return *place;
}

/// One component's counts while its probes are read.
struct Tally {
  ComponentCounts counts;
  std::vector<Micros> durations;

  void add(const Result& result) {
    if (!counts.last_result_at || *counts.last_result_at < result.at) counts.last_result_at = result.at;
    if (result.result_class == ResultClass::success) {
      ++counts.attempts;
      if (durations.size() < kLatencySample) durations.push_back(result.took);
    } else if (result.result_class == ResultClass::platform_failure) {
      ++counts.attempts;
      ++counts.failures;
      if (!counts.last_failure_at || *counts.last_failure_at < result.at) {
        counts.last_failure_at = result.at;
        counts.last_failure = result.failure;
      }
    } else {
      ++counts.inconclusive;
    }
  }
};

}  // namespace

Expected<Reader, std::string> Reader::open(const std::string& path) {
  auto database = open_for_reading(path);
  if (!database) return Unexpected{database.error()};
  return Reader(std::move(*database));
}

std::vector<ProbeRow> Reader::probes() {
  SQLite::Statement row(*database_, "SELECT name, component, title, tier, interval, state FROM probe ORDER BY name");
  std::vector<ProbeRow> out;
  while (row.executeStep()) {
    out.push_back({{row.getColumn(0).getString()},
                   component_at(row, 1),
                   row.getColumn(2).getString(),
                   enum_at(row, 3, Tier::open),
                   Micros{row.getColumn(4).getInt64()},
                   enum_at(row, 5, ProbeState::gone)});
  }
  return out;
}

std::vector<ComponentStateRow> Reader::component_states() {
  SQLite::Statement row(*database_,
                        "SELECT component, state, since FROM component_state WHERE until IS NULL ORDER BY component");
  std::vector<ComponentStateRow> out;
  while (row.executeStep())
    out.push_back({component_at(row, 0), enum_at(row, 1, ComponentState::unknown), time_at(row, 2)});
  return out;
}

std::vector<ComponentCounts> Reader::component_counts(WallTime since) {
  std::map<ComponentId, Tally> tallies;
  SQLite::Statement row(*database_, std::string{kResultColumns} +
                                        "WHERE p.state = 'active' AND r.probe = p.id AND r.at >= ? ORDER BY r.probe, "
                                        "r.at DESC");
  row.bind(1, to_milliseconds(since));
  while (row.executeStep()) {
    const Result result = result_at(row);
    auto& tally = tallies[result.component];
    tally.counts.component = result.component;
    tally.add(result);
  }
  std::vector<ComponentCounts> out;
  for (auto& [id, tally] : tallies) {
    tally.counts.p50 = quantile(tally.durations, 0.5);
    tally.counts.p95 = quantile(tally.durations, 0.95);
    out.push_back(std::move(tally.counts));
  }
  return out;
}

std::optional<detect::SiteFinding> Reader::site() {
  SQLite::Statement row(*database_,
                        "SELECT online, since, controls_failing, controls FROM site_state WHERE until IS NULL "
                        "ORDER BY since DESC LIMIT 1");
  if (!row.executeStep()) return std::nullopt;
  return detect::SiteFinding{row.getColumn(0).getInt() != 0, time_at(row, 1), time_at(row, 1),
                             row.getColumn(2).getInt(), row.getColumn(3).getInt()};
}

std::vector<detect::ProbeProblem> Reader::open_problems() {
  SQLite::Statement row(*database_,
                        "SELECT probe, component, kind, since, detail FROM probe_problem WHERE until IS NULL "
                        "ORDER BY probe, since");
  std::vector<detect::ProbeProblem> out;
  while (row.executeStep()) {
    out.push_back({.probe = {row.getColumn(0).getString()},
                   .component = component_at(row, 1),
                   .kind = enum_at(row, 2, detect::ProblemKind::configuration),
                   .open = true,
                   .at = time_at(row, 3),
                   .since = time_at(row, 3),
                   .detail = row.getColumn(4).getString()});
  }
  return out;
}

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

std::optional<incident::Incident> Reader::incident(IncidentId id) {
  auto found = incidents_where("id = " + std::to_string(id.number) + " AND ?1 IS NOT NULL", WallTime{}, 1);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

IncidentId Reader::last_incident_id() {
  return {database_->execAndGet("SELECT coalesce(max(id), 0) FROM incident").getInt64()};
}

std::vector<Result> Reader::latest_results() {
  SQLite::Statement row(*database_, std::string{kResultColumns} +
                                        "WHERE r.at = (SELECT max(at) FROM result WHERE probe = p.id) ORDER BY p.name");
  std::vector<Result> out;
  while (row.executeStep()) out.push_back(result_at(row));
  return out;
}

std::vector<Result> Reader::results(const ProbeId& probe, int limit) {
  SQLite::Statement row(*database_, std::string{kResultColumns} + "WHERE p.name = ? ORDER BY r.at DESC LIMIT ?");
  row.bind(1, probe.name);
  row.bind(2, limit);
  std::vector<Result> out;
  while (row.executeStep()) {
    Result result = result_at(row);
    if (has_step_rows(row.getColumn(3).getInt64())) read_steps(*database_, result);
    out.push_back(std::move(result));
  }
  return out;
}

std::vector<Result> Reader::results_since(WallTime since) {
  SQLite::Statement row(*database_, std::string{kResultColumns} + "WHERE r.at >= ? ORDER BY r.at, r.probe");
  row.bind(1, to_milliseconds(since));
  std::vector<Result> out;
  while (row.executeStep()) out.push_back(result_at(row));
  return out;
}

std::vector<Result> Reader::results_between(WallTime since, WallTime until) {
  SQLite::Statement row(*database_,
                        std::string{kResultColumns} + "WHERE r.at >= ? AND r.at < ? ORDER BY r.at, r.probe");
  row.bind(1, to_milliseconds(since));
  row.bind(2, to_milliseconds(until));
  std::vector<Result> out;
  while (row.executeStep()) out.push_back(result_at(row));
  return out;
}

std::optional<std::pair<WallTime, WallTime>> Reader::result_span() {
  SQLite::Statement row(*database_, "SELECT min(at), max(at) FROM result");
  if (!row.executeStep() || row.getColumn(0).isNull()) return std::nullopt;
  return std::pair{from_milliseconds(row.getColumn(0).getInt64()), from_milliseconds(row.getColumn(1).getInt64())};
}

std::vector<OutboxEntry> Reader::pending_outbox() {
  return read_outbox(*database_, "WHERE o.state = 'pending' ORDER BY o.id");
}

std::vector<OutboxEntry> Reader::recent_outbox(int limit) {
  return read_outbox(*database_, "ORDER BY o.id DESC LIMIT " + std::to_string(limit));
}

std::vector<OutboxEntry> Reader::standing_outbox(const std::string& channel) {
  return read_outbox(*database_,
                     "WHERE o.id IN (SELECT max(d.id) FROM outbox d JOIN incident i ON i.id = d.incident "
                     "WHERE d.channel = ?1 AND d.state = 'delivered' AND i.resolved_at IS NULL GROUP BY d.incident) "
                     "ORDER BY o.id",
                     channel);
}

std::vector<OutboxEntry> Reader::told_outbox() {
  return read_outbox(*database_,
                     "JOIN incident i ON i.id = o.incident WHERE i.resolved_at IS NULL AND (o.kind = 'reminder' OR "
                     "o.id = (SELECT max(d.id) FROM outbox d WHERE d.incident = o.incident AND d.channel = o.channel)) "
                     "ORDER BY o.id");
}

std::vector<ChannelProblem> Reader::open_channel_problems() {
  SQLite::Statement row(*database_,
                        "SELECT channel, since, detail FROM channel_problem WHERE until IS NULL ORDER BY channel");
  std::vector<ChannelProblem> out;
  while (row.executeStep())
    out.push_back({row.getColumn(0).getString(), true, time_at(row, 1), row.getColumn(2).getString()});
  return out;
}

std::map<ComponentId, std::int64_t> Reader::user_reports(WallTime from) {
  SQLite::Statement row(*database_,
                        "SELECT component, sum(reports) FROM user_report WHERE minute > ? GROUP BY component");
  row.bind(1, raw(from));
  std::map<ComponentId, std::int64_t> out;
  while (row.executeStep()) {
    if (const auto component = parse_component(row.getColumn(0).getString()))
      out.emplace(*component, row.getColumn(1).getInt64());
  }
  return out;
}

std::vector<Silence> Reader::silences(WallTime now, bool all) {
  SQLite::Statement row(*database_,
                        "SELECT id, pattern, since, until, reason, author, ended FROM silence "
                        "WHERE ?2 OR (ended IS NULL AND until > ?1) ORDER BY id");
  row.bind(1, raw(now));
  row.bind(2, all ? 1 : 0);
  std::vector<Silence> out;
  while (row.executeStep()) {
    const auto pattern = parse_pattern(row.getColumn(1).getString());
    if (!pattern) continue;
    out.push_back({row.getColumn(0).getInt64(), *pattern, time_at(row, 2), time_at(row, 3),
                   row.getColumn(4).getString(), row.getColumn(5).getString(), optional_time_at(row, 6)});
  }
  return out;
}

std::vector<Maintenance> Reader::maintenances(bool all) {
  SQLite::Statement row(*database_,
                        "SELECT id, pattern, title, begins, duration, zone, rule, author, ended FROM maintenance "
                        "WHERE ?1 OR ended IS NULL ORDER BY id");
  row.bind(1, all ? 1 : 0);
  std::vector<Maintenance> out;
  while (row.executeStep()) {
    const auto pattern = parse_pattern(row.getColumn(1).getString());
    if (!pattern) continue;
    out.push_back({row.getColumn(0).getInt64(), *pattern, row.getColumn(2).getString(), time_at(row, 3),
                   Micros{row.getColumn(4).getInt64()}, row.getColumn(5).getString(), row.getColumn(6).getString(),
                   row.getColumn(7).getString(), optional_time_at(row, 8)});
  }
  return out;
}

std::int64_t Reader::last_silence_id() {
  return database_->execAndGet("SELECT coalesce(max(id), 0) FROM silence").getInt64();
}

std::int64_t Reader::last_maintenance_id() {
  return database_->execAndGet("SELECT coalesce(max(id), 0) FROM maintenance").getInt64();
}

std::optional<WallTime> Reader::last_result_at() {
  SQLite::Statement row(*database_, "SELECT max((SELECT max(at) FROM result WHERE probe = p.id)) FROM probe p");
  if (!row.executeStep() || row.isColumnNull(0)) return std::nullopt;
  return from_milliseconds(row.getColumn(0).getInt64());
}

std::vector<LearnedAnswer> Reader::learned_answers() {
  std::vector<LearnedAnswer> answers;
  SQLite::Statement row(*database_,
                        "SELECT probe, step, fingerprint, first_seen, last_seen, times, healthy FROM learned_answer");
  while (row.executeStep())
    answers.push_back({ProbeId{row.getColumn(0).getString()}, row.getColumn(1).getInt(), row.getColumn(2).getString(),
                       time_at(row, 3), time_at(row, 4), row.getColumn(5).getInt64(), row.getColumn(6).getInt() != 0});
  return answers;
}

std::vector<VendorRow> Reader::vendor_claims() {
  std::vector<VendorRow> rows;
  SQLite::Statement row(*database_,
                        "SELECT probe, subject, vendor, platforms, state, words, since, read_at FROM vendor_claim");
  while (row.executeStep()) {
    VendorRow said{ProbeId{row.getColumn(0).getString()}, row.getColumn(2).getString(), {}, time_at(row, 7)};
    said.claim.subject = row.getColumn(1).getString();
    said.claim.state = enum_at(row, 4, VendorState::unclear);
    said.claim.words = row.getColumn(5).getString();
    said.claim.since = optional_time_at(row, 6);
    std::istringstream platforms(row.getColumn(3).getString());
    for (std::string platform; platforms >> platform;) said.claim.platforms.push_back(platform);
    rows.push_back(std::move(said));
  }
  return rows;
}

std::vector<Leftover> Reader::leftovers() {
  std::vector<Leftover> leftovers;
  SQLite::Statement row(*database_, "SELECT probe, step, made, saved, attempts FROM leftover ORDER BY made");
  while (row.executeStep()) {
    Leftover leftover{ProbeId{row.getColumn(0).getString()},
                      row.getColumn(1).getInt(),
                      time_at(row, 2),
                      {},
                      row.getColumn(4).getInt()};
    const auto saved = nlohmann::json::parse(row.getColumn(3).getString(), nullptr, false);
    if (!saved.is_object()) continue;
    for (const auto& [name, value] : saved.items()) {
      if (value.is_string()) leftover.saved.emplace(name, value.get<std::string>());
    }
    leftovers.push_back(std::move(leftover));
  }
  return leftovers;
}

std::vector<KnownAddress> Reader::known_addresses() {
  std::vector<KnownAddress> addresses;
  SQLite::Statement row(*database_, "SELECT host, address, seen FROM known_address");
  while (row.executeStep())
    addresses.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), time_at(row, 2)});
  return addresses;
}

std::optional<DetectorState> Reader::detector_state(const std::string& name) {
  SQLite::Statement row(*database_, "SELECT saved_at, content FROM detector_state WHERE name = ?");
  row.bind(1, name);
  if (!row.executeStep()) return std::nullopt;
  return DetectorState{name, time_at(row, 0), row.getColumn(1).getString()};
}

std::optional<std::string> Reader::meta(const std::string& name) {
  SQLite::Statement row(*database_, "SELECT value FROM meta WHERE name = ?");
  row.bind(1, name);
  if (!row.executeStep()) return std::nullopt;
  return row.getColumn(0).getString();
}

}  // namespace outaged::store
