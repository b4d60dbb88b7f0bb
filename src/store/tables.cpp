#include "store/tables.hpp"

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/json/write.hpp"
#include "store/bind.hpp"
#include "store/result_codec.hpp"

namespace outaged::store {
namespace {

constexpr const char* kInsertResult = "INSERT OR REPLACE INTO result VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)";
constexpr const char* kInsertStep = "INSERT OR REPLACE INTO result_step VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
constexpr const char* kInsertFailure = "INSERT OR REPLACE INTO result_failure VALUES (?,?,?,?,?,?,?)";
constexpr const char* kFindProbe = "SELECT id FROM probe WHERE name = ?";
constexpr const char* kMeetProbe =
    "INSERT INTO probe (name, component, title, tier, interval, state) VALUES (?, ?, '', 'public', 0, 'active')";
constexpr const char* kUpsertProbe =
    "INSERT INTO probe (name, component, title, tier, interval, state) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET component = excluded.component, title = excluded.title, tier = excluded.tier, "
    "interval = excluded.interval, state = excluded.state";
constexpr const char* kFindPeer = "SELECT id FROM peer WHERE address = ? AND certificate_ends = ?";
constexpr const char* kMeetPeer = "INSERT INTO peer (address, certificate_ends) VALUES (?, ?)";
constexpr const char* kEndComponentState =
    "UPDATE component_state SET until = ?2 WHERE component = ?1 AND until IS NULL AND since < ?2";
constexpr const char* kInsertComponentState =
    "INSERT INTO component_state (component, since, state) VALUES (?, ?, ?) "
    "ON CONFLICT (component, since) DO UPDATE SET state = excluded.state, until = NULL";
constexpr const char* kEndSiteState = "UPDATE site_state SET until = ?1 WHERE until IS NULL AND since < ?1";
constexpr const char* kInsertSiteState =
    "INSERT OR REPLACE INTO site_state (since, online, controls_failing, controls) VALUES (?, ?, ?, ?)";
constexpr const char* kEndProblem =
    "UPDATE probe_problem SET until = ?3 WHERE probe = ?1 AND kind = ?2 AND until IS NULL";
constexpr const char* kInsertProblem =
    "INSERT INTO probe_problem (probe, component, kind, since, detail) VALUES (?, ?, ?, ?, ?)";
constexpr const char* kUpsertIncident =
    "INSERT INTO incident VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, "
    "severity = excluded.severity, peak_severity = excluded.peak_severity, title = excluded.title, "
    "diagnosis = excluded.diagnosis, shared_cause = excluded.shared_cause, layer = excluded.layer, "
    "onset = excluded.onset, opened_at = excluded.opened_at, monitoring_at = excluded.monitoring_at, "
    "recovery = excluded.recovery, resolved_at = excluded.resolved_at";
constexpr const char* kInsertIncidentComponent =
    "INSERT OR REPLACE INTO incident_component VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
constexpr const char* kInsertIncidentUpdate = "INSERT OR IGNORE INTO incident_update VALUES (?,?,?,?,?,?)";
constexpr const char* kInsertOutbox =
    "INSERT OR IGNORE INTO outbox (reference, incident, channel, kind, payload, created, not_before, expires, told) "
    "VALUES (?,?,?,?,?,?,?,?,?)";
constexpr const char* kInsertFallback =
    "INSERT OR IGNORE INTO outbox (reference, incident, channel, kind, payload, created, not_before, expires, told) "
    "SELECT reference, incident, ?2, kind, payload, created, ?3, expires, told FROM outbox WHERE id = ?1";
constexpr const char* kInsertConversation =
    "INSERT OR IGNORE INTO conversation SELECT channel, incident, ?2 FROM outbox WHERE id = ?1";
constexpr const char* kRetry =
    "UPDATE outbox SET state = 'pending', attempts = 0, not_before = ?2, expires = max(expires, ?3) "
    "WHERE state IN ('failed', 'expired') AND (?1 = 0 OR id = ?1)";
constexpr const char* kEndChannelProblem = "UPDATE channel_problem SET until = ?2 WHERE channel = ?1 AND until IS NULL";
constexpr const char* kInsertChannelProblem = "INSERT INTO channel_problem (channel, since, detail) VALUES (?, ?, ?)";
constexpr const char* kUpsertSilence = "INSERT OR REPLACE INTO silence VALUES (?,?,?,?,?,?,?)";
constexpr const char* kUpsertMaintenance = "INSERT OR REPLACE INTO maintenance VALUES (?,?,?,?,?,?,?,?,?)";
constexpr const char* kInsertDelivery = "INSERT INTO delivery (outbox, at, outcome, detail) VALUES (?,?,?,?)";
constexpr const char* kUpdateOutbox =
    "UPDATE outbox SET attempts = attempts + 1, detail = ?2, "
    "state = CASE ?3 WHEN 'retry' THEN 'pending' ELSE ?3 END, "
    "not_before = CASE ?3 WHEN 'retry' THEN ?4 ELSE not_before END WHERE id = ?1";
constexpr const char* kUpsertDetectorState = "INSERT OR REPLACE INTO detector_state VALUES (?, ?, ?)";
constexpr const char* kUpsertMeta = "INSERT OR REPLACE INTO meta VALUES (?, ?)";
constexpr const char* kUpsertLearnedAnswer = "INSERT OR REPLACE INTO learned_answer VALUES (?,?,?,?,?,?,?)";
constexpr const char* kUpsertKnownAddress = "INSERT OR REPLACE INTO known_address VALUES (?,?,?)";
constexpr const char* kCountUserReport =
    "INSERT INTO user_report VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET reports = reports + 1";
constexpr const char* kForgetVendorClaims = "DELETE FROM vendor_claim WHERE probe = ?";
constexpr const char* kInsertVendorClaim = "INSERT OR REPLACE INTO vendor_claim VALUES (?,?,?,?,?,?,?,?)";
constexpr const char* kUpsertLeftover = "INSERT OR REPLACE INTO leftover VALUES (?,?,?,?,?)";
constexpr const char* kDeleteLeftover = "DELETE FROM leftover WHERE probe = ? AND step = ? AND saved = ?";
constexpr const char* kAllProbesGone = "UPDATE probe SET state = 'gone'";

/// The saved values of a leftover as the key of its row. A server may have said anything, also what is no UTF-8.
std::string text_of(const std::map<std::string, std::string>& saved) {
  return json::written(nlohmann::json(saved));
}

std::int64_t certificate_of(const StepResult& step) {
  return step.certificate_ends ? raw(*step.certificate_ends) : 0;
}

}  // namespace

Tables::Tables(SQLite::Database& database) : database_(database) {}

SQLite::Statement& Tables::prepared(const char* sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  return statements_
      .emplace(std::piecewise_construct, std::forward_as_tuple(sql), std::forward_as_tuple(database_, sql))
      .first->second;
}

void Tables::forget() {
  probe_ids_.clear();
  peer_ids_.clear();
  // A statement whose step failed must be reset before the connection can be used again.
  statements_.clear();
}

void Tables::apply(const Batch& batch) {
  if (!batch.probes.empty()) run(prepared(kAllProbesGone));
  for (const auto& probe : batch.probes) write(probe);
  for (const auto& result : batch.results) write(result);
  for (const auto& change : batch.component_states) write(change);
  for (const auto& finding : batch.site_states) write(finding);
  for (const auto& problem : batch.problems) write(problem);
  for (const auto& incident : batch.incidents) write(incident);
  for (const auto& message : batch.outbox) write(message);
  for (const auto& delivery : batch.deliveries) write(delivery);
  for (const auto& retry : batch.retries) write(retry);
  for (const auto& problem : batch.channel_problems) write(problem);
  for (const auto& silence : batch.silences) write(silence);
  for (const auto& maintenance : batch.maintenances) write(maintenance);
  for (const auto& state : batch.detector_states) write(state);
  for (const auto& meta : batch.meta) write(meta);
  for (const auto& answer : batch.learned_answers) write(answer);
  for (const auto& address : batch.known_addresses) write(address);
  for (const auto& report : batch.user_reports) write(report);
  for (const auto& reading : batch.vendor_readings) write(reading);
  for (const auto& change : batch.leftovers) write(change);
}

std::int64_t Tables::id_of(const Result& result) {
  const auto& name = result.probe.name;
  if (const auto found = probe_ids_.find(name); found != probe_ids_.end()) return found->second;
  auto& find = prepared(kFindProbe);
  find.reset();
  find.bind(1, name);
  std::int64_t id = 0;
  if (find.executeStep()) {
    id = find.getColumn(0).getInt64();
    find.reset();
  } else {
    run(prepared(kMeetProbe), name, to_string(result.component));
    id = database_.getLastInsertRowid();
  }
  probe_ids_.emplace(name, id);
  return id;
}

std::int64_t Tables::id_of_peer(const StepResult& step) {
  if (step.address.empty() && !step.certificate_ends) return 0;
  const auto certificate = certificate_of(step);
  const auto key = step.address + '|' + std::to_string(certificate);
  if (const auto found = peer_ids_.find(key); found != peer_ids_.end()) return found->second;
  auto& find = prepared(kFindPeer);
  find.reset();
  find.bind(1, step.address);
  find.bind(2, certificate);
  std::int64_t id = 0;
  if (find.executeStep()) {
    id = find.getColumn(0).getInt64();
    find.reset();
  } else {
    run(prepared(kMeetPeer), step.address, certificate);
    id = database_.getLastInsertRowid();
  }
  peer_ids_.emplace(key, id);
  return id;
}

void Tables::write(const Result& result) {
  const auto probe = id_of(result);
  const auto at = to_milliseconds(result.at);
  const auto columns = encode(result);
  const auto peer = result.steps.empty() ? 0 : id_of_peer(result.steps.back());
  const auto& phases = columns.phases.of;
  run(prepared(kInsertResult), probe, at, columns.outcome, columns.status, columns.pause, columns.lag, peer, phases[0],
      phases[1], phases[2], phases[3], phases[4], phases[5]);
  if (has_step_rows(result)) write_steps(result, probe, at);
  if (result.failure) write_failure(probe, at, -1, *result.failure);
}

void Tables::write_steps(const Result& result, std::int64_t probe, std::int64_t at) {
  int position = 0;
  for (const auto& step : result.steps) {
    const auto& phases = step.phases.of;
    run(prepared(kInsertStep), probe, at, position, static_cast<int>(step.step), encode(step.kind),
        static_cast<std::int64_t>(step.result_class), static_cast<int>(step.status), id_of_peer(step),
        static_cast<std::int64_t>(step.bytes_sent), static_cast<std::int64_t>(step.bytes_received), phases[0],
        phases[1], phases[2], phases[3], phases[4], phases[5]);
    if (step.failure) write_failure(probe, at, position, *step.failure);
    ++position;
  }
}

void Tables::write_failure(std::int64_t probe, std::int64_t at, int position, const Failure& failure) {
  run(prepared(kInsertFailure), probe, at, position, failure.layer, failure.phase, failure.kind, failure.detail);
}

void Tables::write(const ComponentStateChange& change) {
  run(prepared(kEndComponentState), to_string(change.component), change.since);
  run(prepared(kInsertComponentState), to_string(change.component), change.since, change.state);
}

void Tables::write(const detect::SiteFinding& finding) {
  run(prepared(kEndSiteState), finding.since);
  run(prepared(kInsertSiteState), finding.since, finding.online ? 1 : 0, finding.controls_failing, finding.controls);
}

void Tables::write(const detect::ProbeProblem& problem) {
  run(prepared(kEndProblem), problem.probe.name, problem.kind, problem.at);
  if (problem.open)
    run(prepared(kInsertProblem), problem.probe.name, to_string(problem.component), problem.kind, problem.since,
        problem.detail);
}

void Tables::write(const incident::Incident& incident) {
  run(prepared(kUpsertIncident), incident.id.number, incident.state, incident.severity, incident.peak_severity,
      incident.title, incident.diagnosis, incident.shared_cause ? 1 : 0, incident.layer, incident.onset,
      incident.opened_at, incident.monitoring_at, incident.recovery, incident.resolved_at);
  int position = 0;
  for (const auto& component : incident.components) write(incident.id.number, position++, component);
  position = 0;
  for (const auto& update : incident.timeline)
    run(prepared(kInsertIncidentUpdate), incident.id.number, position++, update.at, update.kind, update.state,
        update.text);
}

void Tables::write(std::int64_t incident, int position, const incident::AffectedComponent& component) {
  run(prepared(kInsertIncidentComponent), incident, position, to_string(component.id), component.state,
      component.peak_state, component.onset, component.joined_at, component.last_failure, component.recovered_at,
      component.share, component.worst_share, component.layer, component.kind, component.example);
}

void Tables::write(const OutboxMessage& message) {
  run(prepared(kInsertOutbox), message.reference, message.incident.number, message.channel, message.kind,
      message.payload, message.created, message.not_before, message.expires, static_cast<std::int64_t>(message.told));
}

void Tables::write(const DeliveryRecord& delivery) {
  run(prepared(kInsertDelivery), delivery.outbox, delivery.at, delivery.outcome, delivery.detail);
  run(prepared(kUpdateOutbox), delivery.outbox, delivery.detail, delivery.outcome, delivery.next_attempt);
  if (!delivery.handle.empty()) run(prepared(kInsertConversation), delivery.outbox, delivery.handle);
  if (!delivery.fallback.empty()) run(prepared(kInsertFallback), delivery.outbox, delivery.fallback, delivery.at);
}

void Tables::write(const Retry& retry) {
  run(prepared(kRetry), retry.outbox, retry.at, retry.expires);
}

void Tables::write(const ChannelProblem& problem) {
  run(prepared(kEndChannelProblem), problem.channel, problem.at);
  if (problem.open) run(prepared(kInsertChannelProblem), problem.channel, problem.at, problem.detail);
}

void Tables::write(const Silence& silence) {
  run(prepared(kUpsertSilence), silence.id, to_string(silence.pattern), silence.since, silence.until, silence.reason,
      silence.author, silence.ended);
}

void Tables::write(const Maintenance& maintenance) {
  run(prepared(kUpsertMaintenance), maintenance.id, to_string(maintenance.pattern), maintenance.title,
      maintenance.begins, maintenance.duration, maintenance.zone, maintenance.rule, maintenance.author,
      maintenance.ended);
}

void Tables::write(const DetectorState& state) {
  run(prepared(kUpsertDetectorState), state.name, state.saved_at, state.content);
}

void Tables::write(const ProbeRow& probe) {
  run(prepared(kUpsertProbe), probe.id.name, to_string(probe.component), probe.title, probe.tier, probe.interval,
      probe.state);
}

void Tables::write(const Meta& meta) {
  run(prepared(kUpsertMeta), meta.name, meta.value);
}

void Tables::write(const LearnedAnswer& answer) {
  run(prepared(kUpsertLearnedAnswer), answer.probe.name, answer.step, answer.fingerprint, answer.first_seen,
      answer.last_seen, answer.times, answer.healthy ? 1 : 0);
}

void Tables::write(const UserReport& report) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(report.at);
  run(prepared(kCountUserReport), to_string(report.component), WallTime{minute});
}

void Tables::write(const KnownAddress& address) {
  run(prepared(kUpsertKnownAddress), address.host, address.address, address.seen);
}

void Tables::write(const VendorReading& reading) {
  run(prepared(kForgetVendorClaims), reading.probe.name);
  for (const auto& claim : reading.claims)
    run(prepared(kInsertVendorClaim), reading.probe.name, claim.subject, reading.vendor,
        fmt::format("{}", fmt::join(claim.platforms, " ")), claim.state, claim.words, claim.since, reading.at);
}

void Tables::write(const LeftoverChange& change) {
  const auto& leftover = change.leftover;
  const auto saved = text_of(leftover.saved);
  if (change.gone) {
    run(prepared(kDeleteLeftover), leftover.probe.name, leftover.step, saved);
  } else {
    run(prepared(kUpsertLeftover), leftover.probe.name, leftover.step, leftover.made, saved, leftover.attempts);
  }
}

bool Tables::delete_results_before(WallTime time, int rows) {
  const auto limit = to_milliseconds(time);
  SQLite::Statement probes(database_, "SELECT id FROM probe");
  while (rows > 0 && probes.executeStep()) {
    const auto probe = probes.getColumn(0).getInt64();
    SQLite::Statement cut(database_,
                          "SELECT max(at), count(*) FROM (SELECT at FROM result WHERE probe = ? AND at < ? ORDER BY at "
                          "LIMIT ?)");
    cut.bind(1, probe);
    cut.bind(2, limit);
    cut.bind(3, rows);
    if (!cut.executeStep() || cut.isColumnNull(0)) continue;
    const auto last = cut.getColumn(0).getInt64();
    for (const char* table : {"result", "result_step", "result_failure"}) {
      SQLite::Statement remove(database_, std::string{"DELETE FROM "} + table + " WHERE probe = ? AND at <= ?");
      remove.bind(1, probe);
      remove.bind(2, last);
      remove.exec();
    }
    rows -= cut.getColumn(1).getInt();
  }
  return rows <= 0;
}

}  // namespace outaged::store
