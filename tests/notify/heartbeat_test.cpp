#include "notify/heartbeat.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;

namespace {

/// What the database of a daemon says an hour after base_time().
struct Chain {
  test::TemporaryDirectory directory;
  std::unique_ptr<store::Writer> writer = test::open_writer(directory / "outaged.db");
  WallTime now = test::base_time() + 1h;

  void write(store::Batch batch) {
    writer->submit(std::move(batch));
    REQUIRE(writer->flush(30s));
  }
  void has_run(int minutes_ago) { write(test::batch_of(test::healthy_run("w.upload", 60 - minutes_ago))); }
  void was_alive(Micros ago) { write({.meta = {{"alive_at", format_time(now - ago)}}}); }
  std::string trouble() {
    auto reader = test::open_reader(directory / "outaged.db");
    return find_trouble(reader, now);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Chain, "the chain is well when probes ran, the database is written and nothing waits") {
  CHECK(trouble() == "no probe has given a result yet");
  has_run(9);
  CHECK(trouble() == "nothing has been written to the database yet");
  was_alive(1min);
  CHECK(trouble() == "");
}

TEST_CASE_FIXTURE(Chain, "a heart that beats while no probe runs is not well") {
  has_run(11);
  was_alive(1min);
  CHECK(trouble() == "no probe has run for 11m");
}

TEST_CASE_FIXTURE(Chain, "a heart that beats while nothing is written is not well") {
  has_run(1);
  was_alive(3min);
  CHECK(trouble() == "nothing was written to the database for 3m");
}

TEST_CASE_FIXTURE(Chain,
                  "a message that waits for a quarter of an hour is trouble, one that waits for its time is not") {
  has_run(1);
  was_alive(1min);
  auto later = test::message_for(1, "night", "opened");
  later.created = now - 1h;
  later.not_before = now + 1h;
  write({.incidents = {test::open_incident(1)}, .outbox = {later}});
  CHECK(trouble() == "");
  auto stuck = test::message_for(1, "team", "opened");
  stuck.created = stuck.not_before = now - 16min;
  write({.outbox = {stuck}});
  CHECK(trouble() == "a message for channel team has been waiting for 16m");
}

TEST_CASE("each beat has its address, and trouble is told in the body") {
  CHECK(beat_request("https://hc.example/x", Beat::start, "").url == "https://hc.example/x/start");
  CHECK(beat_request("https://hc.example/x", Beat::well, "").url == "https://hc.example/x");
  const auto ill = beat_request("https://hc.example/x", Beat::ill, "no probe has run for 1 h");
  CHECK(ill.url == "https://hc.example/x/fail");
  CHECK(ill.body == "no probe has run for 1 h");
}
