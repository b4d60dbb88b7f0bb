#include "store/result_codec.hpp"

#include <algorithm>
#include <array>

namespace outaged::store {
namespace {

constexpr std::array kKindCodes = {StepKind::http, StepKind::tls, StepKind::tcp, StepKind::dns};
constexpr std::int64_t kTriggerUnit = 8;
constexpr std::int64_t kSlowUnit = 32;
constexpr std::int64_t kKindUnit = 64;
constexpr std::int64_t kStepRows = 256;

}  // namespace

std::int64_t to_milliseconds(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

WallTime from_milliseconds(std::int64_t milliseconds) {
  return WallTime{std::chrono::milliseconds{milliseconds}};
}

std::int64_t encode(StepKind kind) {
  return std::ranges::find(kKindCodes, kind) - kKindCodes.begin();
}

StepKind decode_kind(std::int64_t code) {
  return kKindCodes[static_cast<std::size_t>(std::clamp<std::int64_t>(code, 0, 3))];
}

ResultClass decode_class(std::int64_t code) {
  const auto last = static_cast<std::int64_t>(enum_names<ResultClass>().size()) - 1;
  return code < 0 || code > last ? ResultClass::our_fault : static_cast<ResultClass>(code);
}

bool has_step_rows(const Result& result) {
  return result.result_class != ResultClass::success || result.steps.size() != 1 || result.steps.front().step != 0;
}

bool has_step_rows(std::int64_t outcome) {
  return (outcome & kStepRows) != 0;
}

ResultColumns encode(const Result& result) {
  ResultColumns columns;
  for (const auto& step : result.steps) columns.phases += step.phases;
  const StepKind kind = result.steps.empty() ? StepKind::http : result.steps.front().kind;
  columns.outcome = static_cast<std::int64_t>(result.result_class) +
                    kTriggerUnit * static_cast<std::int64_t>(result.trigger) + (result.slow ? kSlowUnit : 0) +
                    kKindUnit * encode(kind) + (has_step_rows(result) ? kStepRows : 0);
  columns.status = result.steps.empty() ? 0 : result.steps.back().status;
  columns.pause = (result.took - columns.phases.total()).count();
  columns.lag = std::chrono::round<std::chrono::milliseconds>(result.loop_lag).count();
  return columns;
}

void decode(const ResultColumns& columns, Result& result) {
  result.result_class = decode_class(columns.outcome & 7);
  result.trigger = static_cast<Trigger>(std::min<std::int64_t>((columns.outcome >> 3) & 3, 2));
  result.slow = (columns.outcome & kSlowUnit) != 0;
  result.took = columns.phases.total() + Micros{columns.pause};
  result.loop_lag = std::chrono::milliseconds{columns.lag};
  if (has_step_rows(columns.outcome)) return;
  StepResult step;
  step.kind = decode_kind((columns.outcome >> 6) & 3);
  step.result_class = result.result_class;
  step.status = static_cast<std::uint16_t>(columns.status);
  step.phases = columns.phases;
  result.steps.push_back(std::move(step));
}

}  // namespace outaged::store
