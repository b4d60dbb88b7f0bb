#include "store/result_row.hpp"

#include "store/bind.hpp"

namespace outaged::store {

ComponentId component_at(SQLite::Statement& row, int column) {
  return parse_component(row.getColumn(column).getString()).value_or(ComponentId{"unknown", "unknown"});
}

Failure failure_at(SQLite::Statement& row, int layer_column) {
  return {enum_at(row, layer_column, Layer::local), optional_enum_at<Phase>(row, layer_column + 1),
          row.getColumn(layer_column + 2).getString(), row.getColumn(layer_column + 3).getString()};
}

PhaseTimes phases_at(SQLite::Statement& row, int first_column) {
  PhaseTimes phases;
  for (std::size_t i = 0; i < phases.of.size(); ++i)
    phases.of[i] = Micros{row.getColumn(first_column + static_cast<int>(i)).getInt64()};
  return phases;
}

void set_peer(SQLite::Statement& row, int address_column, StepResult& step) {
  step.address = row.getColumn(address_column).getString();
  if (const auto ends = row.getColumn(address_column + 1).getInt64(); ends != 0)
    step.certificate_ends = WallTime{Micros{ends}};
}

ResultColumns columns_at(SQLite::Statement& row, int first_column) {
  const auto number = [&](int offset) { return row.getColumn(first_column + offset).getInt64(); };
  return {.outcome = number(0),
          .status = number(1),
          .pause = number(2),
          .lag = number(3),
          .phases = phases_at(row, first_column + 4)};
}

void add_sum(const ResultColumns& columns, Result& result) {
  if (!result.steps.empty()) return;
  StepResult sum;
  sum.result_class = result.result_class;
  sum.status = static_cast<std::uint16_t>(columns.status);
  sum.phases = columns.phases;
  result.steps.push_back(std::move(sum));
}

Result result_at(SQLite::Statement& row) {
  Result result;
  result.probe = ProbeId{row.getColumn(0).getString()};
  result.component = component_at(row, 1);
  result.at = from_milliseconds(row.getColumn(2).getInt64());
  decode(columns_at(row, 3), result);
  if (!result.steps.empty()) set_peer(row, 13, result.steps.front());
  if (!row.isColumnNull(15)) result.failure = failure_at(row, 15);
  return result;
}

Result summed_result_at(SQLite::Statement& row) {
  Result result = result_at(row);
  if (!result.steps.empty()) return result;
  add_sum(columns_at(row, 3), result);
  result.steps.front().failure = result.failure;
  set_peer(row, 13, result.steps.front());
  return result;
}

}  // namespace outaged::store
