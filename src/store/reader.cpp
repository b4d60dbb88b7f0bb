#include "store/reader.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

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
  WallTime from{};  ///< what began before is not counted

  void add(const Result& result) {
    if (!counts.last_result_at || *counts.last_result_at < result.at) counts.last_result_at = result.at;
    const int counted = result.at >= from ? 1 : 0;
    if (result.result_class == ResultClass::success) {
      counts.heard = true;
      counts.attempts += counted;
      if (durations.size() < kLatencySample) durations.push_back(result.took);
    } else if (result.result_class == ResultClass::platform_failure) {
      counts.heard = true;
      counts.attempts += counted;
      counts.failures += counted;
      if (!counts.last_failure_at || *counts.last_failure_at < result.at) {
        counts.last_failure_at = result.at;
        counts.last_failure = result.failure;
      }
    } else {
      counts.inconclusive += counted;
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

std::vector<ComponentCounts> Reader::component_counts(WallTime now, Micros least,
                                                      const std::map<ComponentId, WallTime>& since) {
  std::map<ComponentId, Tally> tallies;
  auto known = probes();
  std::erase_if(known, [](const ProbeRow& probe) { return probe.state != ProbeState::active; });
  for (const auto& probe : known) {
    auto& window = tallies[probe.component].counts.window;
    window = std::max({window, least, 2 * probe.interval});
  }
  for (const auto& [component, from] : since) {
    if (const auto found = tallies.find(component); found != tallies.end()) found->second.from = from;
  }
  SQLite::Statement row(*database_, std::string{kResultColumns} + "WHERE p.name = ? AND r.at >= ? ORDER BY r.at DESC");
  for (const auto& probe : known) {
    auto& tally = tallies[probe.component];
    row.reset();
    row.bind(1, probe.id.name);
    row.bind(2, to_milliseconds(now - tally.counts.window));
    while (row.executeStep()) tally.add(result_at(row));
  }
  std::vector<ComponentCounts> out;
  for (auto& [id, tally] : tallies) {
    tally.counts.component = id;
    if (tally.from > now - tally.counts.window) tally.counts.window = std::max(Micros{0}, Micros{now - tally.from});
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

void Reader::each_result_since(WallTime since, const TakeResult& take) {
  SQLite::Statement row(*database_, std::string{kResultColumns} + "WHERE r.at >= ? ORDER BY r.at, r.probe");
  row.bind(1, to_milliseconds(since));
  while (row.executeStep()) take(result_at(row));
}

std::vector<Result> Reader::results_since(WallTime since) {
  std::vector<Result> out;
  each_result_since(since, [&out](const Result& result) { out.push_back(result); });
  return out;
}

void Reader::each_latest_since(WallTime since, int most, const TakeResult& take) {
  SQLite::Statement row(*database_,
                        std::string{kResultColumns} + "WHERE r.at >= ? ORDER BY r.at DESC, r.probe DESC LIMIT ?");
  row.bind(1, to_milliseconds(since));
  row.bind(2, most);
  while (row.executeStep()) take(result_at(row));
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

std::optional<WallTime> Reader::last_result_at() {
  SQLite::Statement row(*database_, "SELECT max((SELECT max(at) FROM result WHERE probe = p.id)) FROM probe p");
  if (!row.executeStep() || row.isColumnNull(0)) return std::nullopt;
  return from_milliseconds(row.getColumn(0).getInt64());
}

}  // namespace outaged::store
