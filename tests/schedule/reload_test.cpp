#include <stdexcept>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

TEST_CASE("a reload keeps the beats and counts of probes that stay") {
  Stage stage;
  stage.load({entry("a", 10s), entry("b", 10s), entry("c", 10s)});
  stage.run_for(35s);
  const auto before = stage.scheduler.probe_stats(1);
  stage.load({entry("new", 10s), entry("c", 10s), entry("b", 10s)});  // other places in the list
  const auto after = stage.scheduler.probe_stats(2);
  CHECK(after.next_beat == before.next_beat);
  CHECK(after.started == before.started);
  const auto runs_of_a = stage.runs_of("a").size();
  stage.run_for(10s);
  CHECK(stage.runs_of("b").size() == before.started + 1);
  CHECK(stage.runs_of("new").size() == 1);
  CHECK(stage.runs_of("a").size() == runs_of_a);
  for (const Run& run : stage.runs_of("b")) CHECK((before.next_beat - run.at) % Micros{10s} == 0s);
}

TEST_CASE("a probe whose interval changes starts anew within it") {
  Stage stage;
  stage.load({entry("a", 10min)});
  stage.run_for(10min);
  stage.load({entry("a", 10s)});
  stage.run_for(10s);
  CHECK(stage.runs_of("a").size() == 2);
  stage.run_for(1min);
  CHECK(stage.runs_of("a").size() == 8);
}

TEST_CASE("a probe removed while it runs finishes in silence and frees its slot") {
  Settings settings = Stage::steady();
  settings.max_running = 1;
  Stage stage{settings};
  stage.load({entry("gone", 10s)});
  stage.takes["gone"] = 5s;
  while (stage.scheduler.stats().running == 0) stage.run_for(1s);
  stage.load({entry("b", 10s)});
  CHECK(stage.scheduler.stats().probes == 1);
  stage.run_for(1min);
  CHECK(stage.runs_of("gone").size() == 1);
  CHECK(stage.runs_of("b").size() == 6);
  for (const Result& result : stage.results) CHECK(result.probe.name == "b");
  CHECK_FALSE(stage.scheduler.request_recheck(ProbeId{"gone"}, 1s));
}

TEST_CASE("a probe removed while it waits leaves the line") {
  Settings settings = Stage::steady();
  settings.max_running = 1;
  Stage stage{settings};
  stage.load(many(10, 10s));
  for (const Entry& each : stage.entries) stage.takes[each.id.name] = 30s;
  stage.run_for(20s);
  REQUIRE(stage.scheduler.stats().waiting == 9);
  stage.load({entry("b", 10s)});
  CHECK(stage.scheduler.stats().waiting == 0);
  stage.run_for(1min);
  CHECK(stage.runs.back().probe == "b");
}

TEST_CASE("a higher bound takes effect at once") {
  Settings settings = Stage::steady();
  settings.max_running = 1;
  Stage stage{settings};
  stage.load(many(10, 10s));
  for (const Entry& each : stage.entries) stage.takes[each.id.name] = 30s;
  stage.run_for(20s);
  CHECK(stage.scheduler.stats().running == 1);
  settings.max_running = 4;
  stage.scheduler.configure(settings);
  CHECK(stage.scheduler.stats().running == 4);
}

TEST_CASE("a list that cannot be meant is refused and the old one stays") {
  Stage stage;
  stage.load({entry("a", 10s)});
  CHECK_THROWS_AS(stage.scheduler.replace({entry("x", 10s), entry("x", 20s)}), std::invalid_argument);
  CHECK_THROWS_AS(stage.scheduler.replace({entry("x", 0s)}), std::invalid_argument);
  stage.run_for(30s);
  CHECK(stage.runs_of("a").size() == 3);
}
