// The machine's clock may be wrong, be corrected, or stop while it sleeps.
#include <doctest/doctest.h>

#include "detect/timeline.hpp"
#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

World one_outage(std::uint64_t seed) {
  return World(
      probes_of({"whatsapp/message"}) + controls(),
      [](const ProbeInfo& probe, WallTime when, Random&) {
        return !is_control(probe) && when >= kFrom && when < kFrom + 1h ? failure() : ok();
      },
      seed);
}

}  // namespace

TEST_CASE("own time counts what passes and not where the wall clock stands") {
  Timeline time;
  time.move_to(kStart);
  time.move_to(kStart + 10s);
  CHECK(time.now() == 10s);
  SUBCASE("a late result does not turn it back") {
    time.move_to(kStart + 7s);
    CHECK(time.now() == 10s);
    CHECK(time.wall() == kStart + 10s);
    CHECK(time.at(kStart + 7s) == 7s);
  }
  SUBCASE("a clock set back costs nothing") {
    time.move_to(kStart - 1h);
    CHECK(time.now() == 10s);
    time.move_to(kStart - 1h + 5s);
    CHECK(time.now() == 15s);
  }
  SUBCASE("a leap counts for little") {
    time.move_to(kStart + 24h);
    CHECK(time.now() == 10s + Timeline::kLongestStep);
  }
}

TEST_CASE("a clock that steps while all is well raises nothing") {
  for (const Micros step : {Micros{1h}, Micros{-1h}, Micros{48h}, Micros{-48h}}) {
    auto world = one_outage(2);
    world.run_until(kStart + 30min);
    world.clock_error = step;
    world.run_until(kStart + 90min);
    world.clock_error = 0s;
    world.run_until(kFrom - 1min);
    CHECK(world.turns(Turn::opened).empty());
    CHECK(world.of_site().empty());
  }
}

TEST_CASE("a clock that steps during an outage neither ends it nor makes it two") {
  for (const Micros step : {Micros{1h}, Micros{-1h}, Micros{48h}, Micros{-48h}}) {
    CAPTURE(step.count());
    auto world = one_outage(4);
    world.run_until(kFrom + 20min);
    world.clock_error = step;
    world.run_until(kFrom + 59min);
    CHECK(world.turns(Turn::opened).size() == 1);
    CHECK(world.turns(Turn::recovering).empty());
    world.run_until(kFrom + 2h);
    CHECK(world.turns(Turn::opened).size() == 1);
    CHECK(world.turns(Turn::recovered).size() == 1);
    for (const auto& finding : world.of_components()) CHECK(finding.onset <= finding.at);
  }
}

TEST_CASE("results that arrive slightly out of order are taken in") {
  const auto one = probes_of({"whatsapp/message"});
  Settings hasty;
  hasty.lone_span = 20s;
  Detector detector(hasty, one);
  detector.observe(result_of(one[0], kStart, ok()));
  std::size_t opened = 0;
  WallTime latest{};
  for (const auto after : {60s, 75s, 72s, 95s, 91s}) {
    for (const auto& finding : detector.observe(result_of(one[0], kStart + after, failure())).findings) {
      const auto& component = std::get<ComponentFinding>(finding);
      CHECK(component.at >= latest);
      latest = component.at;
      if (component.turn == Turn::opened) ++opened;
    }
  }
  CHECK(opened == 1);
}
