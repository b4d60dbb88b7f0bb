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
  SQLite::Statement row(*database_,
                        std::string{kResultColumns} + "WHERE p.component = ? AND r.at >= ? AND r.at < ? ORDER BY r.at");
  row.bind(1, to_string(component));
  row.bind(2, to_milliseconds(since));
  row.bind(3, to_milliseconds(until));
  while (row.executeStep()) take(summed_result_at(row));
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
