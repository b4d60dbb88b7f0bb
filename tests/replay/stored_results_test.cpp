#include "replay/stored_results.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "replay/rows.hpp"
#include "store/writer.hpp"

using namespace outaged;
using namespace outaged::test;

namespace {

/// What the file holds, in a database as the daemon writes it.
void store_rows(const std::string& csv, const std::string& database) {
  auto source = replay::CsvResults::open(csv);
  REQUIRE(source.has_value());
  auto writer = store::Writer::open({.path = database, .retention = 24h * 3650}, [] { return kStart; });
  REQUIRE(writer.has_value());
  while (auto result = source->next()) {
    // As a run leaves it: with the step in which it ended.
    StepResult step;
    step.phases.of = {0us, 0us, 0us, 0us, result->took, 0us};
    step.result_class = result->result_class;
    step.failure = result->failure;
    result->steps.push_back(std::move(step));
    store::Batch batch;
    batch.results.push_back(*std::move(result));
    REQUIRE((*writer)->submit(std::move(batch)));
  }
  REQUIRE((*writer)->flush(60s));
  CHECK((*writer)->stats().results == 2160);
}

}  // namespace

TEST_CASE("stored results give the incidents that the same rows give in a file") {
  const CsvFile file{text_of(rows_of(uploads_fail))};
  const TemporaryDirectory directory;
  store_rows(file.path, directory / "outaged.db");

  auto csv = replay::CsvResults::open(file.path);
  auto stored = replay::StoredResults::open(directory / "outaged.db", WallTime::min(), WallTime::max());
  REQUIRE(stored.has_value());
  const auto from_file = replay_of(*csv).json();
  const auto from_store = replay_of(*stored).json();
  CHECK(from_store["rows"] == from_file["rows"]);
  REQUIRE(from_store["incidents"].size() == 1);
  CHECK(from_store["incidents"] == from_file["incidents"]);
  CHECK(from_store["notifications"] == from_file["notifications"]);
}

TEST_CASE("of stored results a span can be replayed") {
  const CsvFile file{text_of(rows_of(uploads_fail))};
  const TemporaryDirectory directory;
  store_rows(file.path, directory / "outaged.db");
  auto before = replay::StoredResults::open(directory / "outaged.db", kStart, kStart + 50min);
  REQUIRE(before.has_value());
  const auto outcome = replay_of(*before);
  CHECK(outcome.rows.read == 50 * 12);
  CHECK(outcome.record.incidents.empty());
}

TEST_CASE("a database that is not there is refused in a sentence") {
  const TemporaryDirectory directory;
  const auto stored = replay::StoredResults::open(directory / "none.db", WallTime::min(), WallTime::max());
  REQUIRE_FALSE(stored.has_value());
  CHECK(stored.error().find("none.db") != std::string::npos);
}
