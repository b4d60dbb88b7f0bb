#pragma once
// Results in the compact form of the tables result, result_step and result_failure (schema/0001_foundation.sql).
#include <cstdint>
#include <vector>

#include "core/result.hpp"

namespace outaged::store {

/// The integer columns of `result` behind (probe, at); `peer` is looked up by the writer.
struct ResultColumns {
  std::int64_t outcome = 0;
  std::int64_t status = 0;
  std::int64_t pause = 0;
  std::int64_t lag = 0;
  PhaseTimes phases;
};

std::int64_t to_milliseconds(WallTime time);
WallTime from_milliseconds(std::int64_t milliseconds);

ResultColumns encode(const Result& result);

/// Fills everything of `result` that the columns hold; steps only when they are not in result_step (see has_steps).
void decode(const ResultColumns& columns, Result& result);

/// True when the run's steps are rows of result_step.
bool has_step_rows(const Result& result);
bool has_step_rows(std::int64_t outcome);

/// Step kinds as numbers: 0 is the commonest, because SQLite stores a zero in no byte.
std::int64_t encode(StepKind kind);
StepKind decode_kind(std::int64_t code);
/// Unknown codes, from a damaged file, become our_fault.
ResultClass decode_class(std::int64_t code);

}  // namespace outaged::store
