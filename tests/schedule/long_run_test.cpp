// Ten hours of 500 probes with failures, slow answers and re-checks, in simulated time; and 10,000 probes.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

namespace {

/// A world that fails now and then: the answer depends on probe and time only.
Result answer(std::size_t index, Trigger trigger, WallTime at) {
  Random dice{index * 1'000'003 + static_cast<std::uint64_t>(at.time_since_epoch().count())};
  Result result;
  result.probe = ProbeId{"meta-" + std::to_string(index)};
  result.trigger = trigger;
  result.at = at;
  result.took = Micros{static_cast<Micros::rep>(dice.uniform(20'000, 400'000))};
  const bool outage = index % 10 == 0 && at.time_since_epoch() > 3h && at.time_since_epoch() < 5h;
  if (dice.chance(outage ? 0.7 : 0.005)) {
    result.result_class = ResultClass::platform_failure;
    result.took = 10s;
  }
  return result;
}

struct Record {
  std::string digest;
  std::size_t results = 0;
  Stats stats;
};

Record ten_hours(std::uint64_t seed) {
  SimulatedTimerQueue queue{WallTime{}};
  SimulatedProber prober{queue, answer};
  std::string log;
  Record record;
  Settings settings;
  settings.max_running = 64;
  Scheduler scheduler{queue, prober, settings, Random{seed}, [&](const Result& result) {
                        ++record.results;
                        log += fmt::format("{} {} {} {}\n", result.probe.name, result.at.time_since_epoch().count(),
                                           to_string(result.trigger), to_string(result.result_class));
                        if (result.result_class != ResultClass::success) scheduler.request_recheck(result.probe, 3s);
                      }};
  scheduler.replace(many(500, 1min));
  queue.run_for(10h);
  record.digest = sha256_hex(log);
  record.stats = scheduler.stats();
  return record;
}

}  // namespace

TEST_CASE("ten simulated hours of 500 probes are the same to the byte each time") {
  const Record first = ten_hours(11);
  const Record second = ten_hours(11);
  const Record other = ten_hours(12);
  CHECK(first.results > 300'000);
  CHECK(first.stats.rechecks > 1000);
  CHECK(first.stats.missed_beats == 0);
  CHECK(first.digest == second.digest);
  CHECK(first.digest != other.digest);
}

TEST_CASE("ten thousand probes at a thousand a second are all on time") {
  Stage stage{Settings{}};
  stage.load(many(10'000, 10s));
  stage.run_for(10s);
  CHECK(stage.scheduler.stats().started == 10'000);
  stage.run_for(20s);
  CHECK(stage.scheduler.stats().started > 29'000);  // jitter carries some of the third round past its end
  CHECK(stage.scheduler.stats().worst_lateness == 0s);
  // Evenly: no tenth of a second of the first interval is asked for more than its share.
  std::vector<int> starts(100);
  for (const Run& run : stage.runs) {
    if (run.at < Instant{} + 10s) ++starts.at(static_cast<std::size_t>((run.at - Instant{}) / Micros{100ms}));
  }
  for (const int count : starts) CHECK(count == doctest::Approx(100).epsilon(0.02));
}
