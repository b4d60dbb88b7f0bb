#pragma once
// The writing half of the schema: applies a batch to an open database, within the caller's transaction. Keeps its
// statements prepared and the ids of probes and peers in memory. One thread.
#include <map>
#include <string>
#include <unordered_map>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "store/batch.hpp"

namespace outaged::store {

class Tables {
 public:
  explicit Tables(SQLite::Database& database);

  /// Throws SQLite::Exception; the caller rolls back, then calls forget().
  void apply(const Batch& batch);

  /// After a rollback: ids that were given in the transaction are not there any more.
  void forget();

  /// Deletes at most `rows` runs that began before `time`, of one probe after another. True when some may be left.
  bool delete_results_before(WallTime time, int rows);

 private:
  SQLite::Statement& prepared(const char* sql);
  std::int64_t id_of(const Result& result);
  std::int64_t id_of_peer(const StepResult& step);
  void write(const Result& result);
  void write_steps(const Result& result, std::int64_t probe, std::int64_t at);
  void write_failure(std::int64_t probe, std::int64_t at, int position, const Failure& failure);
  void write(const ComponentStateChange& change);
  void write(const detect::SiteFinding& finding);
  void write(const detect::ProbeProblem& problem);
  void write(const incident::Incident& incident);
  void write(std::int64_t incident, int position, const incident::AffectedComponent& component);
  void write(const OutboxMessage& message);
  void write(const DeliveryRecord& delivery);
  void write(const Retry& retry);
  void write(const ChannelProblem& problem);
  void write(const Silence& silence);
  void write(const Maintenance& maintenance);
  void write(const DetectorState& state);
  void write(const ProbeRow& probe);
  void write(const Meta& meta);
  void write(const LearnedAnswer& answer);
  void write(const KnownAddress& address);
  void write(const UserReport& report);
  void write(const VendorReading& reading);
  void write(const LeftoverChange& change);

  SQLite::Database& database_;
  std::map<const char*, SQLite::Statement> statements_;  // keyed by the address of the literal
  std::unordered_map<std::string, std::int64_t> probe_ids_;
  std::unordered_map<std::string, std::int64_t> peer_ids_;
};

}  // namespace outaged::store
