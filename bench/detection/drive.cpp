#include "detection/drive.hpp"

#include <map>
#include <optional>
#include <queue>

namespace outaged::bench {
namespace {

struct Event {
  WallTime when;
  std::size_t number = 0;  ///< of two at the same time the earlier made comes first
  std::size_t probe = 0;
  bool scheduled = false;
  std::optional<Result> result{};  ///< set: a run that ends; else one that begins
  bool operator<(const Event& other) const { return when != other.when ? when > other.when : number > other.number; }
};

struct Run {
  bool running = false;
  std::optional<WallTime> recheck;
};

}  // namespace

std::size_t drive(World& world, Monitor& monitor, Rechecks rechecks) {
  const auto& probes = world.probes();
  std::priority_queue<Event> events;
  std::vector<Run> runs(probes.size());
  std::map<ProbeId, std::size_t> index_of;
  std::size_t number = 0;
  std::size_t results = 0;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    index_of.emplace(probes[i].id, i);
    events.push({world.first_run(i), ++number, i, true});
  }
  while (!events.empty() && events.top().when < world.settings().to) {
    Event event = events.top();
    events.pop();
    Run& run = runs[event.probe];
    if (event.result) {
      run.running = false;
      ++results;
      const auto wanted = monitor.take(*event.result);
      if (rechecks == Rechecks::denied) continue;
      for (const auto& one : wanted) {
        const std::size_t index = index_of.at(one.probe);
        const WallTime due = event.when + one.after;
        auto& planned = runs[index].recheck;
        if (planned && *planned <= due && *planned > event.when) continue;
        planned = due;
        events.push({due, ++number, index, false});
      }
      continue;
    }
    if (event.scheduled) {
      events.push({event.when + probes[event.probe].interval, ++number, event.probe, true});
    } else if (run.recheck != event.when) {
      continue;
    } else {
      run.recheck.reset();
    }
    if (run.running || world.stopped(event.when)) continue;
    run.running = true;
    auto result = world.answer(event.probe, event.when);
    const WallTime known = event.when + result.took;
    events.push({known, ++number, event.probe, false, std::move(result)});
  }
  return results;
}

}  // namespace outaged::bench
