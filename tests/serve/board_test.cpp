// What the board tells of a real database from one look to the next.
#include "serve/board.hpp"

#include <algorithm>
#include <stdexcept>

#include <doctest/doctest.h>

#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

using Runs = std::vector<std::string>;

/// A board whose times stand where the test puts them.
struct Onlooker {
  Onlooker() { write(test::healthy_run("first", 0)); }

  void write(Result result) {
    writer->submit(test::batch_of(std::move(result)));
    REQUIRE(writer->flush(30s));
  }

  View view() {
    if (++views_since_look == fails_at_view) throw std::runtime_error("no view");
    return {.now = now, .version = {}, .site = {}};
  }

  /// The probes of the runs that are told, a good while after the last look.
  Runs look() {
    clock += 1min;
    views_since_look = 0;
    Runs out;
    for (const auto& event : board.refresh()) {
      if (event.name == "result") out.push_back(event.data.at("probe"));
    }
    return out;
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<store::Writer> writer = test::open_writer(directory / "outaged.db");
  WallTime now = test::base_time();
  Instant clock{};
  int views_since_look = 0;
  int fails_at_view = 0;  ///< counted from a look; 0: never
  Board board{
      {.database = directory / "outaged.db", .view = [this] { return view(); }, .clock = [this] { return clock; }}};
};

}  // namespace

TEST_CASE_FIXTURE(Onlooker, "a run is told once, and what was there at the first look is no news") {
  CHECK(look().empty());
  write(test::healthy_run("second", 1));
  CHECK(look() == Runs{"second"});
  CHECK(look().empty());
}

TEST_CASE_FIXTURE(Onlooker, "a run that began before one that was told and ended after it is told too") {
  CHECK(look().empty());
  now += 9min;
  write(test::healthy_run("quick", 9));
  CHECK(look() == Runs{"quick"});
  write(test::failed_run("timed-out", 1));
  CHECK(look() == Runs{"timed-out"});
}

TEST_CASE_FIXTURE(Onlooker, "after days without a look only the last minutes are asked for and told") {
  CHECK(look().empty());
  now += 24h * 12;
  write(test::healthy_run("days-ago", 24 * 60));
  write(test::healthy_run("just-now", 12 * 24 * 60 - 1));
  CHECK(look() == Runs{"just-now"});
}

TEST_CASE_FIXTURE(Onlooker, "a board without news of its runs is still a board") {
  CHECK(look().empty());
  write(test::healthy_run("second", 1));
  fails_at_view = 2;  // the first of a look makes the documents
  const auto before = board.status();
  CHECK(look().empty());
  CHECK(board.status() != before);
  fails_at_view = 0;
  CHECK(look() == Runs{"second"});
}
