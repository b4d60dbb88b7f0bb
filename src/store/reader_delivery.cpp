// What a Reader knows of messages: the outbox, channels that fail, silences and maintenance.
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/bind.hpp"
#include "store/reader.hpp"

namespace outaged::store {
namespace {

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

}  // namespace

std::vector<OutboxEntry> Reader::pending_outbox() {
  return read_outbox(*database_, "WHERE o.state = 'pending' ORDER BY o.id");
}

std::vector<OutboxEntry> Reader::outbox_page(std::int64_t before, int limit) {
  return read_outbox(*database_,
                     "WHERE o.id < " + std::to_string(before) + " ORDER BY o.id DESC LIMIT " + std::to_string(limit));
}

bool Reader::was_given_up(std::int64_t message) {
  SQLite::Statement row(*database_, "SELECT 1 FROM outbox WHERE id = ?1 AND state IN ('failed', 'expired')");
  row.bind(1, message);
  return row.executeStep();
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

}  // namespace outaged::store
