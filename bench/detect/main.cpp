// detect: what the detector costs. Time for one result and bytes of saved state for one probe, after two months of
// noise and an outage of everything, against the bounds of 5 microseconds and 4 KiB.
#include <algorithm>
#include <vector>

#include "base/units.hpp"
#include "detection/world.hpp"
#include "line.hpp"

namespace {

using namespace outaged;
using namespace outaged::bench;
using namespace std::chrono_literals;

constexpr double kMostNanoseconds = 5000;
constexpr double kMostBytes = 4096;

/// Two months; within the last day everything fails for some hours, part of it.
Truth large_outage(WallTime to, const std::vector<ComponentId>& components) {
  Truth truth;
  truth.phases.push_back({to - 6h, to, components, "http_5xx", 0.5, 2});
  truth.from = truth.material = to - 6h;
  truth.to = to;
  truth.components = components;
  return truth;
}

std::vector<Result> results_of(World& world) {
  std::vector<Result> results;
  const auto& settings = world.settings();
  for (std::size_t probe = 0; probe < world.probes().size(); ++probe) {
    for (WallTime at = world.first_run(probe); at < settings.to; at += settings.interval) {
      if (!world.stopped(at)) results.push_back(world.answer(probe, at));
    }
  }
  std::ranges::sort(results, {}, [](const Result& one) { return one.known_at(); });
  return results;
}

}  // namespace

int main() {
  WorldSettings settings;
  settings.from = *parse_time("2026-02-02T00:00:00Z");
  settings.to = settings.from + 24h * 60;
  std::vector<ComponentId> components;
  const World quiet{settings, nullptr, 1};
  for (const auto& probe : quiet.probes()) {
    if (probe.component.platform != "control") components.push_back(probe.component);
  }
  const Truth truth = large_outage(settings.to, components);
  World world{settings, &truth, 1};
  const auto results = results_of(world);

  detect::Detector detector{{}, world.probes()};
  const Instant begin = MonotonicClock::now();
  for (const Result& result : results) detector.observe(result);
  const auto took = std::chrono::duration<double, std::nano>(MonotonicClock::now() - begin).count();
  const auto bytes = static_cast<double>(detector.save().size()) / static_cast<double>(world.probes().size());
  print("detect", took / static_cast<double>(results.size()), kMostNanoseconds, "ns/result",
        fmt::format("{} results of {} probes; reference: the bound", results.size(), world.probes().size()));
  print("detect-state", bytes, kMostBytes, "bytes/probe", "saved in the middle of an outage; reference: the bound");
  return 0;
}
