#include "store/result_row.hpp"

#include "store/bind.hpp"
#include "store/result_codec.hpp"

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

Result result_at(SQLite::Statement& row) {
  Result result;
  result.probe = ProbeId{row.getColumn(0).getString()};
  result.component = component_at(row, 1);
  result.at = from_milliseconds(row.getColumn(2).getInt64());
  ResultColumns columns;
  columns.outcome = row.getColumn(3).getInt64();
  columns.status = row.getColumn(4).getInt64();
  columns.pause = row.getColumn(5).getInt64();
  columns.lag = row.getColumn(6).getInt64();
  columns.phases = phases_at(row, 7);
  decode(columns, result);
  if (!result.steps.empty()) set_peer(row, 13, result.steps.front());
  if (!row.isColumnNull(15)) result.failure = failure_at(row, 15);
  return result;
}

Result summed_result_at(SQLite::Statement& row) {
  Result result = result_at(row);
  if (!result.steps.empty()) return result;
  StepResult sum;
  sum.result_class = result.result_class;
  sum.failure = result.failure;
  sum.status = static_cast<std::uint16_t>(row.getColumn(4).getInt());
  sum.phases = phases_at(row, 7);
  set_peer(row, 13, sum);
  result.steps.push_back(std::move(sum));
  return result;
}

}  // namespace outaged::store
