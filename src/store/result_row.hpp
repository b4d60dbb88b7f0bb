#pragma once
// Rows of the table result as values. For the readers of this folder.
#include <SQLiteCpp/Statement.h>

#include "core/result.hpp"
#include "store/result_codec.hpp"

namespace outaged::store {

/// name, component, at, outcome, status, pause, lag, six phases, address, certificate, layer, phase, kind, detail
/// CROSS JOIN makes SQLite go from probe to probe and search each one's time, by the key of the table; left to itself
/// it reads all results that there are.
inline constexpr const char* kResultColumns =
    "SELECT p.name, p.component, r.at, r.outcome, r.status, r.pause, r.lag, r.dns, r.connect, r.tls, r.send, r.wait, "
    "r.receive, a.address, a.certificate_ends, f.layer, f.phase, f.kind, f.detail FROM probe p "
    "CROSS JOIN result r ON r.probe = p.id LEFT JOIN peer a ON a.id = r.peer "
    "LEFT JOIN result_failure f ON f.probe = r.probe AND f.at = r.at AND f.position = -1 ";

Result result_at(SQLite::Statement& row);
/// As result_at(); the steps of a run that had several are one that stands for them all: their phases summed up.
Result summed_result_at(SQLite::Statement& row);

/// outcome, status, pause, lag, six phases.
ResultColumns columns_at(SQLite::Statement& row, int first_column);
/// One step that stands for all the steps of the run, where these are not known.
void add_sum(const ResultColumns& columns, Result& result);

/// The parts of it that steps have too; the columns are counted from the one given.
ComponentId component_at(SQLite::Statement& row, int column);
Failure failure_at(SQLite::Statement& row, int layer_column);
PhaseTimes phases_at(SQLite::Statement& row, int first_column);
void set_peer(SQLite::Statement& row, int address_column, StepResult& step);

}  // namespace outaged::store
