// The reader's list of results, page by page.
#include <algorithm>
#include <queue>

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "store/reader.hpp"
#include "store/result_codec.hpp"
#include "store/result_row.hpp"

namespace outaged::store {
namespace {

/// The runs of one probe, newest first, one at a time.
struct Runs {
  std::int64_t id = 0;
  ProbeId probe;
  SQLite::Statement row;
  std::int64_t at = 0;
  std::int64_t outcome = 0;

  /// False when there is no older one.
  bool advance() {
    if (!row.executeStep()) return false;
    at = row.getColumn(0).getInt64();
    outcome = row.getColumn(1).getInt64();
    return true;
  }
};

/// In the list; std::priority_queue has at its top what comes after no other.
struct ComesAfter {
  bool operator()(const Runs* a, const Runs* b) const { return a->at != b->at ? a->at < b->at : a->probe > b->probe; }
};

std::vector<Runs> runs_of(SQLite::Database& database, const ResultFilter& filter, const ResultCursor& before) {
  std::string where = "WHERE true";
  if (filter.probe) where += " AND name = ?1";
  if (filter.component) where += " AND component = ?2";
  SQLite::Statement probe(database, "SELECT id, name FROM probe " + where);
  if (filter.probe) probe.bind(1, filter.probe->name);
  if (filter.component) probe.bind(2, to_string(*filter.component));
  std::vector<Runs> out;
  while (probe.executeStep()) {
    Runs runs{probe.getColumn(0).getInt64(),
              {probe.getColumn(1).getString()},
              {database, "SELECT at, outcome FROM result WHERE probe = ? AND at < ? ORDER BY at DESC"}};
    const bool still_due = before.probe && *before.probe < runs.probe;
    runs.row.bind(1, runs.id);
    runs.row.bind(2, to_milliseconds(before.at) + (still_due ? 1 : 0));
    out.push_back(std::move(runs));
  }
  return out;
}

}  // namespace

ResultPage Reader::results_page(const ResultFilter& filter, const ResultCursor& before, int limit, int most_read) {
  const SQLite::Transaction one_view(*database_);
  auto probes = runs_of(*database_, filter, before);
  std::priority_queue<Runs*, std::vector<Runs*>, ComesAfter> newest;
  for (auto& runs : probes) {
    if (runs.advance()) newest.push(&runs);
  }
  SQLite::Statement whole(*database_, std::string{kResultColumns} + "WHERE p.id = ? AND r.at = ?");
  ResultPage page;
  ResultCursor last = before;
  for (int read = 0; !newest.empty(); ++read) {
    if (page.results.size() == static_cast<std::size_t>(limit) || read == most_read) {
      page.next = last;
      break;
    }
    Runs& runs = *newest.top();
    newest.pop();
    last = {from_milliseconds(runs.at), runs.probe};
    if (!filter.result_class || decode_class(runs.outcome & 7) == *filter.result_class) {
      whole.reset();
      whole.bind(1, runs.id);
      whole.bind(2, runs.at);
      if (whole.executeStep()) page.results.push_back(summed_result_at(whole));
    }
    if (runs.advance()) newest.push(&runs);
  }
  return page;
}

}  // namespace outaged::store
