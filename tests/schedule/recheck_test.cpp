#include <algorithm>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

namespace {

std::size_t rechecks(const Stage& stage) {
  return static_cast<std::size_t>(
      std::ranges::count_if(stage.runs, [](const Run& run) { return run.trigger == Trigger::recheck; }));
}

}  // namespace

TEST_CASE("a re-check runs after the delay asked for and says why it ran") {
  Stage stage;
  stage.load({entry("a", 1h)});
  CHECK(stage.scheduler.request_recheck(ProbeId{"a"}, 5s));
  stage.run_for(10s);
  REQUIRE(rechecks(stage) == 1);
  CHECK(stage.runs_of("a").at(0) == Run{"a", Trigger::recheck, Instant{} + 5s});
  CHECK(stage.results.at(0).trigger == Trigger::recheck);
}

TEST_CASE("a re-check is delayed at random by at most the configured share") {
  Settings settings = Stage::steady();
  settings.recheck.jitter = 0.5;
  settings.recheck.per_probe = 1;
  std::vector<Micros> delays;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Stage stage{settings, seed};
    stage.load({entry("a", 1000h)});
    stage.scheduler.request_recheck(ProbeId{"a"}, 4s);
    stage.run_for(10s);
    delays.push_back(stage.runs.at(0).at - Instant{});
  }
  const auto [shortest, longest] = std::ranges::minmax(delays);
  CHECK(shortest >= 4s);
  CHECK(longest <= 6s);
  CHECK(longest - shortest > 500ms);
}

TEST_CASE("re-checks do not move the grid") {
  Stage stage;
  stage.load({entry("a", 60s)});
  stage.run_for(60s);
  const Instant first = stage.runs.at(0).at;
  stage.scheduler.request_recheck(ProbeId{"a"}, 7s);
  stage.run_for(10min);
  std::size_t scheduled = 0;
  for (const Run& run : stage.runs) {
    if (run.trigger != Trigger::scheduled) continue;
    CHECK((run.at - first) % Micros{60s} == 0s);
    ++scheduled;
  }
  CHECK(scheduled == 11);
}

TEST_CASE("the number of re-checks of a probe within the window is bounded") {
  Settings settings = Stage::steady();
  settings.recheck.per_probe = 4;
  settings.recheck.window = 1min;
  Stage stage{settings};
  stage.load({entry("a", 1000h), entry("b", 1000h)});
  // Every result asks for another at once, as one that always fails would.
  stage.on_each = [&](const Result& result) { stage.scheduler.request_recheck(result.probe, 1s); };
  stage.scheduler.request_recheck(ProbeId{"a"}, 1s);
  stage.run_for(10min);
  CHECK(stage.runs_of("a").size() == 4);
  CHECK(stage.scheduler.stats().refused_rechecks == 1);
  SUBCASE("another probe has a bound of its own") {
    CHECK(stage.scheduler.request_recheck(ProbeId{"b"}, 1s));
  }
  SUBCASE("when the window has passed there are more") {
    CHECK(stage.scheduler.request_recheck(ProbeId{"a"}, 1s));
  }
}

TEST_CASE("the number of re-checks of all probes within the window is bounded") {
  Settings settings = Stage::steady();
  settings.recheck.total = 25;
  Stage stage{settings};
  stage.load(many(100, 1000h));
  std::size_t granted = 0;
  for (const Entry& each : stage.entries) granted += stage.scheduler.request_recheck(each.id, 5s) ? 1U : 0U;
  stage.run_for(30s);
  CHECK(granted == 25);
  CHECK(rechecks(stage) == 25);
  CHECK(stage.scheduler.stats().rechecks == 25);
  CHECK(stage.scheduler.stats().refused_rechecks == 75);
}

TEST_CASE("requests that meet are one run at the earlier time and cost one") {
  Settings settings = Stage::steady();
  settings.recheck.per_probe = 1;
  Stage stage{settings};
  stage.load({entry("a", 1000h)});
  CHECK(stage.scheduler.request_recheck(ProbeId{"a"}, 20s));
  CHECK(stage.scheduler.request_recheck(ProbeId{"a"}, 30s));
  CHECK(stage.scheduler.request_recheck(ProbeId{"a"}, 5s));
  stage.run_for(40s);
  REQUIRE(rechecks(stage) == 1);
  CHECK(stage.runs.at(0).at == Instant{} + 5s);
}

TEST_CASE("a re-check that comes due while the probe runs begins when that run has ended") {
  // The run under way began before the failure that asks, so it proves nothing about the time after.
  Stage stage;
  stage.load({entry("a", 1000h)});
  stage.takes["a"] = 10s;
  stage.scheduler.run_now(0, [](const auto&) {});
  stage.run_for(1s);
  stage.scheduler.request_recheck(ProbeId{"a"}, 2s);
  stage.run_for(30s);
  const auto runs = stage.runs_of("a");
  REQUIRE(runs.size() == 2);
  CHECK(runs[1].at == Instant{} + 10s);
  CHECK(runs[1].trigger == Trigger::recheck);
  CHECK(stage.most_of_one == 1);
}

TEST_CASE("nobody is re-checked who is unknown or while paused or stopped") {
  Stage stage;
  stage.load({entry("a", 1000h)});
  CHECK_FALSE(stage.scheduler.request_recheck(ProbeId{"b"}, 1s));
  SUBCASE("paused") {
    stage.scheduler.pause();
  }
  SUBCASE("stopped") {
    stage.scheduler.stop({});
  }
  CHECK_FALSE(stage.scheduler.request_recheck(ProbeId{"a"}, 1s));
  stage.run_for(10s);
  CHECK(stage.runs.empty());
}
