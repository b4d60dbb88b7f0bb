#include "schedule/scheduler.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

TEST_CASE("every probe starts within its first interval") {
  Stage stage{Settings{}};
  auto entries = many(300, 1min, "meta");
  for (const Entry& slow : many(50, 1h, "other")) entries.push_back(slow);
  stage.load(entries);
  stage.run_for(1min);
  std::set<std::string> started;
  for (const Run& run : stage.runs) started.insert(run.probe);
  for (const Entry& each : many(300, 1min, "meta")) CHECK(started.contains(each.id.name));
  stage.run_for(59min);
  for (const Run& run : stage.runs) started.insert(run.probe);
  CHECK(started.size() == 350);
}

TEST_CASE("runs stay on their grid without drift") {
  Settings settings;
  settings.jitter = 0.1;
  Stage stage{settings};
  stage.load({entry("a", 10s)});
  stage.takes["a"] = 3s;
  stage.run_for(24h);
  const auto runs = stage.runs_of("a");
  REQUIRE(runs.size() == 8640);
  const Instant origin = runs.front().at;
  bool varied = false;
  for (std::size_t n = 1; n < runs.size(); ++n) {
    const Micros offset = runs[n].at - origin - static_cast<Micros::rep>(n) * Micros{10s};
    REQUIRE(offset >= 0s);
    REQUIRE(offset <= 1s);
    varied = varied || offset > 500ms;
  }
  CHECK(varied);
  CHECK(stage.scheduler.stats().missed_beats == 0);
}

TEST_CASE("a probe that takes longer than its interval never overlaps itself and its missed beats are counted") {
  Stage stage;
  stage.load({entry("slow", 10s), entry("quick", 10s)});
  stage.takes["slow"] = 25s;
  stage.run_for(10min);
  CHECK(stage.most_of_one == 1);
  // Beats at 0, 10 and 20: the first runs until 25, the next that finds it free is the one at 30.
  CHECK(stage.runs_of("slow").size() == 20);
  CHECK(stage.runs_of("quick").size() == 60);
  CHECK(stage.scheduler.probe_stats(0).missed_beats == 40);
  CHECK(stage.scheduler.probe_stats(1).missed_beats == 0);
  CHECK(stage.scheduler.stats().missed_beats == 40);
}

TEST_CASE("no more than max_running run at once and the rest wait") {
  Settings settings = Stage::steady();
  settings.max_running = 7;
  Stage stage{settings};
  stage.load(many(100, 10s));
  // 100 runs of nearly 0.6 s in 10 s need 6 at a time.
  for (const Entry& each : stage.entries) stage.takes[each.id.name] = 590ms;
  stage.run_for(5min);
  CHECK(stage.most_of_all == 6);
  for (const Entry& each : stage.entries) stage.takes[each.id.name] = 2s;
  stage.run_for(5min);
  CHECK(stage.most_of_all == 7);
  CHECK(stage.scheduler.stats().running == 7);
  CHECK(stage.scheduler.stats().waiting > 0);
  CHECK(stage.scheduler.stats().missed_beats > 0);
  CHECK(stage.scheduler.stats().worst_lateness > 1s);
  CHECK(stage.scheduler.stats().late > 0);
}

TEST_CASE("probes that wait for a slot are all served about equally") {
  Settings settings = Stage::steady();
  settings.max_running = 5;
  Stage stage{settings};
  stage.load(many(100, 10s));
  for (const Entry& each : stage.entries) stage.takes[each.id.name] = 2s;
  stage.run_for(1h);
  // 5 slots of 2 s are 9,000 runs an hour, 90 for each.
  for (const Entry& each : stage.entries) {
    const auto runs = stage.runs_of(each.id.name).size();
    CHECK(runs >= 85);
    CHECK(runs <= 95);
  }
}

TEST_CASE("control probes get through while a whole platform times out") {
  Settings settings = Stage::steady();
  settings.max_running = 10;
  Stage stage{settings};
  auto entries = many(200, 10s, "meta");
  entries.push_back(entry("control", 10s, "elsewhere"));
  stage.load(entries);
  for (const Entry& each : many(200, 10s, "meta")) stage.takes[each.id.name] = 10s;
  stage.run_for(10min);
  // A slot comes free every second or so; the control probe has every second turn.
  CHECK(stage.runs_of("control").size() >= 55);
}

TEST_CASE("a prober that never answers holds up nobody else and is given up in the end") {
  Settings settings = Stage::steady();
  settings.max_running = 3;
  settings.give_up_after = 5min;
  Stage stage{settings};
  stage.load({entry("stuck", 10s), entry("a", 10s), entry("b", 10s)});
  stage.stalled["stuck"] = true;
  stage.run_for(4min);
  CHECK(stage.runs_of("a").size() == 24);
  CHECK(stage.runs_of("b").size() == 24);
  CHECK(stage.runs_of("stuck").size() == 1);
  CHECK(stage.scheduler.probe_stats(0).running);
  CHECK(stage.scheduler.stats().given_up == 0);
  stage.stalled.clear();
  stage.run_for(16min);
  CHECK(stage.scheduler.stats().given_up == 1);
  CHECK(stage.runs_of("stuck").size() > 80);
  CHECK(stage.runs_of("a").size() == 120);
}

TEST_CASE("as many stuck runs as there are slots delay the others only until they are given up") {
  Settings settings = Stage::steady();
  settings.max_running = 2;
  settings.give_up_after = 1min;
  Stage stage{settings};
  stage.load({entry("stuck-1", 10s), entry("stuck-2", 10s), entry("a", 10s)});
  stage.stalled["stuck-1"] = true;
  stage.stalled["stuck-2"] = true;
  stage.run_for(1h);
  CHECK(stage.runs_of("a").size() > 30);
}

TEST_CASE("the answer of a run that was given up is not taken for that of the next") {
  Settings settings = Stage::steady();
  settings.give_up_after = 30s;
  Stage stage{settings};
  stage.load({entry("a", 10s)});
  stage.takes["a"] = 75s;
  stage.run_for(10min);
  CHECK(stage.scheduler.stats().given_up > 0);
  CHECK(stage.results.empty());
  CHECK(stage.scheduler.stats().finished == 0);
  CHECK(stage.scheduler.stats().running == 1);
}

namespace {

/// A queue that calls back only when told to, as one whose thread is busy with something else.
class BusyQueue final : public TimerQueue {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override { return WallTime{} + now_.time_since_epoch(); }
  TimerId at(Instant when, Callback callback) override { return entries_.add(when, std::move(callback)); }
  bool cancel(TimerId timer) override { return entries_.remove(timer); }

  void stand_still(Micros time) { now_ += time; }
  void catch_up() {
    while (auto callback = entries_.pop_due(now_)) callback();
  }

 private:
  TimerEntries entries_;
  Instant now_{};
};

}  // namespace

TEST_CASE("after the whole loop stood still the grid goes on and the lost beats are counted") {
  BusyQueue queue;
  SimulatedProber prober{queue, [](std::size_t, Trigger, WallTime) { return Result{}; }};
  std::size_t results = 0;
  Scheduler scheduler{queue, prober, Stage::steady(), Random{1}, [&](const Result&) { ++results; }};
  scheduler.replace({entry("a", 10s)});
  const Instant first = scheduler.probe_stats(0).next_beat;
  queue.stand_still(first - queue.now() + 57s);
  queue.catch_up();
  CHECK(results == 1);
  CHECK(scheduler.stats().started == 1);
  CHECK(scheduler.stats().missed_beats == 5);
  CHECK(scheduler.stats().worst_lateness == 57s);
  CHECK(scheduler.stats().late == 1);
  CHECK(scheduler.probe_stats(0).next_beat == first + 60s);
}

TEST_CASE("a beat during an extra run is not missed as that run stands for it") {
  Stage stage;
  stage.load({entry("a", 10s)});
  const Instant beat = stage.scheduler.probe_stats(0).next_beat;
  stage.takes["a"] = 25s;
  stage.queue.run_until(beat - 1ms);
  stage.scheduler.run_now(0, [](const auto&) {});
  stage.queue.run_until(beat + 5s);
  CHECK(stage.scheduler.stats().missed_beats == 0);
  stage.queue.run_until(beat + 21s);  // it cannot stand for the next two as well
  CHECK(stage.scheduler.stats().missed_beats == 2);
}

TEST_CASE("a prober may answer from within the call") {
  struct Immediate final : Prober {
    void run(std::size_t index, Trigger trigger, Done done) override {
      Result result;
      result.probe = ProbeId{"p" + std::to_string(index)};
      result.trigger = trigger;
      done(result);
    }
  } prober;
  SimulatedTimerQueue queue{WallTime{}};
  Settings settings = Stage::steady();
  settings.max_running = 1;
  std::size_t results = 0;
  Scheduler scheduler{queue, prober, settings, Random{1}, [&](const Result&) { ++results; }};
  scheduler.replace(many(5000, 1s));
  queue.run_for(10s);
  CHECK(results == 50'000);
  CHECK(scheduler.stats().running == 0);
}

TEST_CASE("a run given up by the prober is finished but tells nobody") {
  struct Empty final : Prober {
    void run(std::size_t, Trigger, Done done) override { done(std::nullopt); }
  } prober;
  SimulatedTimerQueue queue{WallTime{}};
  int results = 0;
  Scheduler scheduler{queue, prober, Stage::steady(), Random{1}, [&](const Result&) { ++results; }};
  scheduler.replace({entry("a", 1s)});
  queue.run_for(10s);
  CHECK(results == 0);
  CHECK(scheduler.stats().finished == 10);
}

TEST_CASE("lateness is how long after its due time a run began") {
  Settings settings = Stage::steady();
  settings.max_running = 1;
  Stage stage{settings};
  stage.load({entry("a", 10s), entry("b", 10s)});
  stage.takes["a"] = 7s;
  stage.takes["b"] = 1s;
  stage.run_for(20min);
  const auto a = stage.scheduler.probe_stats(0);
  const auto b = stage.scheduler.probe_stats(1);
  // Half an interval apart: b is due 5 s after a and begins 2 s later, a is never in need of waiting.
  CHECK(a.last_lateness == 0s);
  CHECK(b.last_lateness == 2s);
  CHECK(stage.scheduler.stats().worst_lateness == 2s);
  CHECK(stage.scheduler.stats().late == 0);
  CHECK(stage.scheduler.stats().missed_beats == 0);
}
