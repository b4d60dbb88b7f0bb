// The list of results read page by page.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

using Names = std::vector<std::string>;

/// Three probes that begin in the same millisecond, twice.
struct Simultaneous {
  Simultaneous() {
    store::Batch batch;
    for (const int minute : {0, 1}) {
      for (const char* probe : {"c", "a", "b"}) batch.results.push_back(test::healthy_run(probe, minute));
    }
    batch.results.push_back(test::failed_run("b", 2));
    auto writer = test::open_writer(path);
    writer->submit(std::move(batch));
    REQUIRE(writer->flush(30s));
  }

  /// Probe and minute of every run in the order of the pages.
  Names read(const store::ResultFilter& filter, int limit, int most_read) {
    auto reader = test::open_reader(path);
    Names out;
    std::optional<store::ResultCursor> place{{test::base_time() + 1h}};
    while (place && out.size() < 100) {
      const auto page = reader.results_page(filter, *place, limit, most_read);
      for (const auto& run : page.results)
        out.push_back(run.probe.name + std::to_string((run.at - test::base_time()) / 1min));
      place = page.next;
    }
    return out;
  }

  test::TemporaryDirectory directory;
  std::string path = directory / "outaged.db";
};

}  // namespace

TEST_CASE_FIXTURE(Simultaneous, "runs that began together are all on some page, whatever its size, and none twice") {
  const Names all{"b2", "a1", "b1", "c1", "a0", "b0", "c0"};
  for (const int limit : {1, 2, 3, 4, 7, 100}) {
    CAPTURE(limit);
    CHECK(read({}, limit, 1000) == all);
    CHECK(read({}, limit, 2) == all);
  }
}

TEST_CASE_FIXTURE(Simultaneous, "a page has what fits the filter, and the last one leads nowhere") {
  CHECK(read({.probe = ProbeId{"b"}}, 2, 1000) == Names{"b2", "b1", "b0"});
  CHECK(read({.result_class = ResultClass::platform_failure}, 1, 1000) == Names{"b2"});
  CHECK(read({.result_class = ResultClass::success}, 2, 1) == Names{"a1", "b1", "c1", "a0", "b0", "c0"});
  CHECK(read({.component = ComponentId{"facebook", "web"}}, 2, 1000).empty());
  auto reader = test::open_reader(path);
  CHECK_FALSE(reader.results_page({}, {test::base_time() + 1h}, 7).next.has_value());
}

TEST_CASE_FIXTURE(Simultaneous, "a filter that nothing fits ends after so many rows and says where to go on") {
  auto reader = test::open_reader(path);
  const store::ResultFilter blocked{.result_class = ResultClass::blocked};
  const auto page = reader.results_page(blocked, {test::base_time() + 1h}, 100, 3);
  CHECK(page.results.empty());
  REQUIRE(page.next.has_value());
  CHECK(page.next->at == test::base_time() + 1min);
  CHECK(page.next->probe == ProbeId{"b"});
}

TEST_CASE_FIXTURE(Simultaneous, "a time instead of a place gives what began before it") {
  auto reader = test::open_reader(path);
  const auto page = reader.results_page({}, {test::base_time() + 1min}, 100);
  CHECK(page.results.size() == 3);
}
