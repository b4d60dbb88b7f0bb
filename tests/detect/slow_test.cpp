#include <doctest/doctest.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

TEST_CASE("a lasting slowdown is degraded performance and ends as one outage") {
  World world(probes_of({"facebook/feed-load"}) + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    return !is_control(probe) && when >= kFrom && when < kFrom + 2h ? slow_answer() : ok();
  });
  world.run_until(kFrom + 5h);
  const auto opened = world.turns(Turn::opened);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].state == ComponentState::degraded_performance);
  CHECK(opened[0].at - kFrom <= 10min);
  CHECK(opened[0].evidence.kinds.at("slow") >= 4);
  CHECK(opened[0].evidence.failures == 0);
  CHECK(world.turns(Turn::recovered).size() == 1);
}

TEST_CASE("a slowdown long after another is over as soon as the first was") {
  World world(probes_of({"facebook/feed-load"}) + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    const bool slow = when < kFrom + 1h || (when >= kFrom + 12h && when < kFrom + 13h);
    return !is_control(probe) && when >= kFrom && slow ? slow_answer() : ok();
  });
  world.run_until(kFrom + 15h);
  const auto over = world.turns(Turn::recovered);
  REQUIRE(over.size() == 2);
  CHECK(over[0].at - (kFrom + 1h) <= 10min);
  CHECK(over[1].at - (kFrom + 13h) <= 10min);
}

TEST_CASE("single slow answers are not") {
  World world(probes_of({"facebook/feed-load"}) + controls(),
              [](const ProbeInfo&, WallTime, Random& random) { return random.chance(0.05) ? slow_answer() : ok(); });
  world.run_until(kStart + 48h);
  CHECK(world.turns(Turn::opened).empty());
}

TEST_CASE("a slowdown that turns into failures is the same outage with another state") {
  World world(probes_of({"facebook/feed-load"}) + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (is_control(probe) || when < kFrom) return ok();
    return when < kFrom + 1h ? slow_answer() : failure();
  });
  world.run_until(kFrom + 2h);
  CHECK(world.turns(Turn::opened).size() == 1);
  const auto changed = world.turns(Turn::changed);
  REQUIRE(changed.size() >= 1);
  CHECK(changed[0].previous == ComponentState::degraded_performance);
  CHECK(changed[0].state == ComponentState::major_outage);
  CHECK(changed[0].onset == world.turns(Turn::opened)[0].onset);
}

TEST_CASE("when our own network is slow no platform is called slow") {
  for (const auto length : {10min, 90min}) {
    World world(twelve_probes() + controls(), [length](const ProbeInfo&, WallTime when, Random&) {
      auto answer = ok();
      if (when >= kFrom && when < kFrom + length) answer.took *= 4;
      return answer;
    });
    world.run_until(kFrom + 4h);
    CHECK(world.turns(Turn::opened).empty());
  }
}

TEST_CASE("one slow control host hides no slowness of a platform") {
  World world(probes_of({"facebook/feed-load"}) + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    auto answer = ok();
    const bool slow = !is_control(probe) || probe.endpoint == "host-0";
    if (slow && when >= kFrom && when < kFrom + 1h) answer.took *= 4;
    return answer;
  });
  world.run_until(kFrom + 1h);
  CHECK(world.turns(Turn::opened).size() == 1);
}

TEST_CASE("what our own slow network makes run out of time is no failure, and what it does not is one") {
  for (const auto usual : {Micros{2s}, Micros{100ms}}) {
    World world(probes_of({"facebook/feed-load", "instagram/feed-load"}) + controls(),
                [usual](const ProbeInfo& probe, WallTime when, Random&) {
                  auto answer = ok();
                  if (!is_control(probe)) answer.took = usual;
                  if (when < kFrom || when >= kFrom + 1h) return answer;
                  if (!is_control(probe)) return time_out();
                  answer.took *= 6;
                  return answer;
                });
    world.run_until(kFrom + 2h);
    CHECK(world.turns(Turn::opened).empty() == (usual == Micros{2s}));
  }
}

namespace {

/// Three times as long as usual from kFrom on, `slow` by the probe's own limit or not.
World slow_for_good(bool by_definition, double failing = 0) {
  return {probes_of({"facebook/feed-load"}) + controls(), [=](const ProbeInfo& probe, WallTime when, Random& random) {
            if (is_control(probe) || when < kFrom) return ok();
            if (random.chance(failing)) return failure();
            auto answer = ok();
            answer.took *= 3;
            answer.slow = by_definition;
            return answer;
          }};
}

}  // namespace

TEST_CASE("a slowness that has lasted for a day is the new normal, and what is slower still is seen as before") {
  auto world = slow_for_good(false);
  world.run_until(kFrom + 23h);
  CHECK(world.turns(Turn::accustomed).empty());
  CHECK(world.detector.beliefs()[0].state == ComponentState::degraded_performance);
  world.run_until(kFrom + 24h + 10min);
  const auto over = world.turns(Turn::accustomed);
  REQUIRE(over.size() == 1);
  CHECK(over[0].state == ComponentState::operational);
  CHECK(over[0].previous == ComponentState::degraded_performance);
  CHECK(over[0].at - over[0].onset >= 24h);
  world.run_until(kFrom + 72h);
  CHECK(world.turns(Turn::opened).size() == 1);
  CHECK(world.turns(Turn::recovered).empty());
}

TEST_CASE("a stray failure now and then keeps nobody from getting used to it, an outage of failures does") {
  auto stray = slow_for_good(false, 0.002);
  stray.run_until(kFrom + 25h);
  CHECK(stray.turns(Turn::accustomed).size() == 1);
  auto failing = slow_for_good(false, 0.4);
  failing.run_until(kFrom + 48h);
  CHECK(failing.turns(Turn::accustomed).empty());
  CHECK(failing.detector.beliefs()[0].course == Belief::Course::failing);
}

TEST_CASE("what a probe's own limit calls slow never is the new normal") {
  auto world = slow_for_good(true);
  world.run_until(kFrom + 72h);
  CHECK(world.turns(Turn::opened).size() == 1);
  CHECK(world.turns(Turn::accustomed).empty());
}
