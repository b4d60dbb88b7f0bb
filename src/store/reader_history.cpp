// The reader's questions about the past, for pages and reports.
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include "store/bind.hpp"
#include "store/reader.hpp"
#include "store/result_codec.hpp"
#include "store/result_row.hpp"

namespace outaged::store {
namespace {

/// SQLite asks after this many steps whether to go on.
constexpr int kStepsBetween = 10'000;
constexpr int kAsksInAMillion = 1'000'000 / kStepsBetween;

int go_on(void* work) {
  auto& left = *static_cast<int*>(work);
  if (left <= 0) return 1;
  --left;
  return 0;
}

}  // namespace

void Reader::each_result_of(const ComponentId& component, WallTime since, WallTime until, const TakeResult& take) {
  // A month of a component is hundreds of thousands of rows: no order, no texts, and the failure only where there is
  // one.
  SQLite::Statement row(*database_,
                        "SELECT r.at, r.outcome, r.status, r.pause, r.lag, r.dns, r.connect, r.tls, r.send, r.wait, "
                        "r.receive, CASE WHEN r.outcome & 7 != 0 THEN (SELECT f.layer FROM result_failure f "
                        "WHERE f.probe = r.probe AND f.at = r.at AND f.position = -1) END "
                        "FROM probe p CROSS JOIN result r ON r.probe = p.id "
                        "WHERE p.component = ? AND r.at >= ? AND r.at < ?");
  row.bind(1, to_string(component));
  row.bind(2, to_milliseconds(since));
  row.bind(3, to_milliseconds(until));
  while (row.executeStep()) {
    Result result;
    result.at = from_milliseconds(row.getColumn(0).getInt64());
    const auto columns = columns_at(row, 1);
    decode(columns, result);
    add_sum(columns, result);
    if (const auto layer = optional_enum_at<Layer>(row, 11)) result.failure = Failure{*layer, {}, {}, {}};
    take(result);
  }
}

std::vector<Result> Reader::latest_results_summed() {
  SQLite::Statement row(*database_, std::string{kResultColumns} +
                                        "WHERE p.state = 'active' AND r.at = (SELECT max(at) FROM result WHERE probe = "
                                        "p.id) ORDER BY p.name");
  std::vector<Result> out;
  while (row.executeStep()) out.push_back(summed_result_at(row));
  return out;
}

std::vector<ComponentInterval> Reader::component_intervals(WallTime since) {
  SQLite::Statement row(*database_,
                        "SELECT component, state, since, until FROM component_state WHERE until IS NULL OR until > ? "
                        "ORDER BY component, since");
  row.bind(1, raw(since));
  std::vector<ComponentInterval> out;
  while (row.executeStep())
    out.push_back(
        {component_at(row, 0), enum_at(row, 1, ComponentState::unknown), time_at(row, 2), optional_time_at(row, 3)});
  return out;
}

std::int64_t Reader::change_count() {
  return database_->execAndGet("PRAGMA data_version").getInt64();
}

void Reader::limit_work(int million_steps) {
  if (!work_) work_ = std::make_unique<int>();
  *work_ = million_steps * kAsksInAMillion;
  sqlite3_progress_handler(database_->getHandle(), kStepsBetween, go_on, work_.get());
}

}  // namespace outaged::store
