#pragma once
// A scheduler in simulated time with a prober whose answers a test sets, and the record of what ran when.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/simulated_timer_queue.hpp"
#include "schedule/scheduler.hpp"
#include "schedule/simulated_prober.hpp"

namespace outaged::schedule {

using namespace std::chrono_literals;

struct Run {
  std::string probe;
  Trigger trigger;
  Instant at;
  bool operator==(const Run&) const = default;
};

class Stage {
 public:
  explicit Stage(Settings settings = steady(), std::uint64_t seed = 1)
      : scheduler(queue, prober, settings, Random{seed}, [this](Result result) { on_result(std::move(result)); }) {}

  /// Runs exactly at their beats, so that a test can count on times.
  static Settings steady() {
    Settings settings;
    settings.jitter = 0;
    settings.recheck.jitter = 0;
    return settings;
  }

  void load(std::vector<Entry> list) {
    entries = std::move(list);
    scheduler.replace(entries);
  }
  void run_for(Micros time) { queue.run_for(time); }

  [[nodiscard]] std::vector<Run> runs_of(const std::string& probe) const {
    std::vector<Run> out;
    for (const Run& run : runs) {
      if (run.probe == probe) out.push_back(run);
    }
    return out;
  }

  SimulatedTimerQueue queue{WallTime{}};
  std::vector<Entry> entries;
  /// How long a probe takes; 10 ms when it is not listed.
  std::map<std::string, Micros> takes;
  /// Those that never answer.
  std::map<std::string, bool> stalled;
  /// Changes what each run finds.
  std::function<void(Result&)> answers = [](Result&) {};
  std::vector<Run> runs;
  std::map<std::string, int> running;
  int most_of_one = 0;
  int most_of_all = 0;
  std::vector<Result> results;
  std::function<void(const Result&)> on_each = [](const Result&) {};

 private:
  /// Watches how many runs overlap, and stalls those that a test wants stalled.
  class WatchedProber final : public Prober {
   public:
    explicit WatchedProber(Stage& stage) : stage_(stage) {}
    void run(std::size_t index, Trigger trigger, Done done) override {
      const std::string name = stage_.entries.at(index).id.name;
      stage_.runs.push_back({name, trigger, stage_.queue.now()});
      stage_.most_of_one = std::max(stage_.most_of_one, ++stage_.running[name]);
      stage_.most_of_all = std::max(stage_.most_of_all, ++all_);
      if (stage_.stalled.contains(name)) return;
      answers_.run(index, trigger, [this, name, done = std::move(done)](std::optional<Result> result) {
        --stage_.running[name];
        --all_;
        done(std::move(result));
      });
    }

   private:
    Stage& stage_;
    int all_ = 0;
    SimulatedProber answers_{stage_.queue, [this](std::size_t index, Trigger trigger, WallTime at) {
                               Result result;
                               result.probe = stage_.entries.at(index).id;
                               result.trigger = trigger;
                               result.at = at;
                               const auto found = stage_.takes.find(result.probe.name);
                               stage_.answers(result);
                               result.took = found == stage_.takes.end() ? Micros{10ms} : found->second;
                               return result;
                             }};
  };

  void on_result(Result result) {
    results.push_back(result);
    on_each(result);
  }

  WatchedProber prober{*this};

 public:
  Scheduler scheduler;
};

inline Entry entry(const std::string& name, Micros interval, const std::string& owner = "meta") {
  return {ProbeId{name}, interval, owner};
}

inline std::vector<Entry> many(std::size_t count, Micros interval, const std::string& owner = "meta") {
  std::vector<Entry> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(entry(owner + "-" + std::to_string(i), interval, owner));
  return out;
}

}  // namespace outaged::schedule
