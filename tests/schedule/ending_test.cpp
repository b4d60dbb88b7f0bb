#include <memory>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

TEST_CASE("while paused nothing begins and what runs may finish") {
  Stage stage;
  stage.load({entry("a", 10s)});
  stage.takes["a"] = 3s;
  stage.run_for(10s);
  while (stage.scheduler.stats().running == 0) stage.run_for(1s);
  const auto runs = stage.runs.size();
  stage.scheduler.pause();
  stage.run_for(5min);
  CHECK(stage.runs.size() == runs);
  CHECK(stage.results.size() == runs);
  CHECK(stage.scheduler.stats().missed_beats == 0);
  SUBCASE("a run asked for by a person still happens") {
    stage.scheduler.run_now(0, [](const auto&) {});
    stage.run_for(5s);
    CHECK(stage.runs.size() == runs + 1);
  }
  SUBCASE("afterwards the old grid goes on") {
    stage.scheduler.resume();
    stage.run_for(1min);
    CHECK(stage.runs.size() == runs + 6);
    CHECK((stage.runs.back().at - stage.runs.front().at) % Micros{10s} == 0s);
  }
}

TEST_CASE("those who wait when the pause begins do not run after it") {
  Settings settings = Stage::steady();
  settings.max_running = 1;
  Stage stage{settings};
  stage.load(many(10, 10s));
  for (const Entry& each : stage.entries) stage.takes[each.id.name] = 8s;
  stage.run_for(10s);
  REQUIRE(stage.scheduler.stats().waiting > 0);
  const auto runs = stage.runs.size();
  stage.scheduler.pause();
  CHECK(stage.scheduler.stats().waiting == 0);
  stage.run_for(1min);
  CHECK(stage.runs.size() == runs);
}

TEST_CASE("stopping lets what runs finish and then says so once") {
  Stage stage;
  stage.load({entry("a", 10s), entry("b", 10s)});
  stage.takes["a"] = 7s;
  stage.takes["b"] = 7s;
  while (stage.scheduler.stats().running < 2) stage.run_for(1s);
  const auto runs = stage.runs.size();
  int idle = 0;
  stage.scheduler.stop([&] { ++idle; });
  CHECK(idle == 0);
  CHECK_FALSE(stage.scheduler.run_now(0, [](const auto&) {}));
  stage.run_for(10min);
  CHECK(idle == 1);
  CHECK(stage.runs.size() == runs);
  CHECK(stage.results.size() == runs);
  CHECK(stage.scheduler.stats().running == 0);
}

TEST_CASE("stopping when nothing runs says so at once") {
  Stage stage;
  stage.load({entry("a", 10s)});
  bool idle = false;
  stage.scheduler.stop([&] { idle = true; });
  CHECK(idle);
}

TEST_CASE("an answer that comes after the scheduler has ended is dropped") {
  struct Held final : Prober {
    void run(std::size_t, Trigger, Done done) override { held = std::move(done); }
    Done held;
  } prober;
  SimulatedTimerQueue queue{WallTime{}};
  int results = 0;
  auto scheduler =
      std::make_unique<Scheduler>(queue, prober, Stage::steady(), Random{1}, [&](const Result&) { ++results; });
  scheduler->replace({entry("a", 10s)});
  queue.run_for(10s);
  REQUIRE(prober.held);
  scheduler.reset();
  prober.held(Result{});
  queue.run_for(1h);
  CHECK(results == 0);
}

TEST_CASE("whoever asked for a run is told once that it has no result when the scheduler ends") {
  struct Held final : Prober {
    void run(std::size_t, Trigger, Done done) override { held = std::move(done); }
    Done held;
  } prober;
  SimulatedTimerQueue queue{WallTime{}};
  auto scheduler = std::make_unique<Scheduler>(queue, prober, Stage::steady(), Random{1}, [](const Result&) {});
  scheduler->replace({entry("a", 1000h)});
  std::vector<std::string> told;
  const auto ask = [&](const std::string& who) {
    return scheduler->run_now(0, [&told, who](const auto& result) { told.push_back(who + (result ? " got it" : "")); });
  };
  REQUIRE(ask("under way"));
  REQUIRE(prober.held);
  SUBCASE("of a probe that is still there, with another waiting for the next run") {
    REQUIRE(ask("waiting"));
    scheduler.reset();
    CHECK(told == std::vector<std::string>{"under way", "waiting"});
  }
  SUBCASE("of a probe that was removed meanwhile") {
    scheduler->replace({entry("b", 1000h)});
    scheduler.reset();
    CHECK(told == std::vector<std::string>{"under way"});
  }
  SUBCASE("although stopping lets the run end") {
    scheduler->stop([] {});
    CHECK(told.empty());
    scheduler.reset();
    CHECK(told == std::vector<std::string>{"under way"});
  }
  const auto before = told;
  prober.held(Result{});
  CHECK(told == before);
}
