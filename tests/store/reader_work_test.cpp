// How much of a big database the reader goes through for a question about a small part of it.
#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

const ComponentId kCrowded{"whatsapp", "media-upload"};

/// Sixty probes with a run a minute over a week, up to base_time().
void fill(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE, 10'000);
  database.exec(
      "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
      "INSERT INTO probe SELECT i, 'p' || i, CASE i WHEN 1 THEN 'whatsapp/media-upload' ELSE 'facebook/web' END, '', "
      "'public', 60000000, 'active' FROM n;"
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) "
      "INSERT INTO result SELECT p.id, 1562162400000 - 60000 * (9999 - i), 0, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0 "
      "FROM probe p, n; COMMIT");
}

/// A reader that may do less than it takes to look at every row.
struct Hurried {
  Hurried() {
    test::open_writer(path);
    fill(path);
  }
  store::Reader& hurry() {
    reader.emplace(test::open_reader(path));
    reader->limit_work(1);
    return *reader;
  }

  test::TemporaryDirectory directory;
  std::string path = directory / "outaged.db";
  std::optional<store::Reader> reader;
};

}  // namespace

TEST_CASE_FIXTURE(Hurried, "what is asked of the last minutes reads nothing of the days before") {
  const WallTime lately = test::base_time() - 5min;
  const auto counts = hurry().component_counts(test::base_time(), 5min);
  REQUIRE(counts.size() == 2);
  CHECK(counts.back().attempts == 6);
  CHECK(hurry().results_since(lately).size() == 360);
  CHECK(hurry().results_between(test::base_time() - 48h, test::base_time() - 48h + 5min).size() == 300);
  int of_component = 0;
  hurry().each_result_of(kCrowded, test::base_time() - 48h, test::base_time() - 47h,
                         [&of_component](const Result&) { ++of_component; });
  CHECK(of_component == 60);
  CHECK(hurry().latest_results().size() == 60);
  CHECK(hurry().latest_results_summed().size() == 60);
  CHECK(hurry().results({"p7"}, 100).size() == 100);
}

TEST_CASE_FIXTURE(Hurried, "a page of results reads little more than it holds") {
  CHECK(hurry().results_page({}, {test::base_time() + 1h}, 1000).results.size() == 1000);
  CHECK(hurry().results_page({}, {test::base_time() - 72h}, 1000).results.size() == 1000);
  CHECK(hurry().results_page({.component = kCrowded}, {test::base_time()}, 1000).results.size() == 1000);
}
