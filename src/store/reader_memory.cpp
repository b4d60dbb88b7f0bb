// What the daemon keeps for itself from one run to the next, as a Reader gives it back.
#include <sstream>

#include <SQLiteCpp/Statement.h>
#include <nlohmann/json.hpp>

#include "store/bind.hpp"
#include "store/reader.hpp"

namespace outaged::store {

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
