// Evidence of several components together.
#include "detect/pool.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

std::vector<ProbeInfo> of_one_owner() {
  auto probes = twelve_probes();
  for (auto& one : probes) one.owner = "Meta";
  return probes + controls();
}

World::Rule uploads_failing(double share) {
  return [share](const ProbeInfo& probe, WallTime when, Random& random) {
    const bool hit = probe.component.function == "media-upload" && when >= kFrom;
    return hit && random.chance(share) ? failure() : ok();
  };
}

/// A probe fails four times in five for two minutes, just after another one has failed once.
void check_no_outage_of(const std::vector<ProbeInfo>& probes, const std::string& blips, const std::string& strays,
                        std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    bool strayed = false;
    World world(
        probes,
        [&](const ProbeInfo& asked, WallTime when, Random& random) {
          const std::string& id = asked.id.name;
          if (id == blips && when >= kFrom + 2min && when < kFrom + 4min && random.chance(0.8)) return failure();
          if (id != strays || when < kFrom || strayed) return ok();
          strayed = true;
          return failure();
        },
        seed);
    world.run_until(kFrom + 30min);
    REQUIRE(strayed);
    CHECK(world.turns(Turn::opened).empty());
  }
}

}  // namespace

TEST_CASE("pools are the functions, platforms and tiers of one owner and never mix owners") {
  const std::vector<ComponentId> ids{{"facebook", "login"}, {"instagram", "login"}, {"own", "login"}};
  const auto pools = make_pools(ids, {"Meta", "Meta", "own"}, {false, false, false});
  REQUIRE(pools.size() == 1);
  CHECK(pools[0].components == std::vector<std::size_t>{0, 1});
}

TEST_CASE("15 % of one function's attempts on three platforms is found within minutes and names only it") {
  Settings settings;
  Micros bound = 15min;
  SUBCASE("as it comes") {}
  SUBCASE("for whoever allows a false alarm a year") {
    settings.false_alarms = 1;
    bound = 10min;
  }
  std::vector<Micros> delays;
  for (std::uint64_t seed = 1; seed <= 21; ++seed) {
    CAPTURE(seed);
    World world(of_one_owner(), uploads_failing(0.15), seed, settings);
    world.grant_rechecks = false;
    world.run_until(kFrom + 2h);
    const auto opened = world.turns(Turn::opened);
    REQUIRE_FALSE(opened.empty());
    for (const auto& one : opened) CHECK(one.component.function == "media-upload");
    delays.push_back(opened[0].at - kFrom);
  }
  std::ranges::sort(delays);
  CHECK(delays[delays.size() / 2] <= bound);
}

TEST_CASE("a function that fails on all platforms needs no waiting") {
  World world(of_one_owner(), uploads_failing(1));
  world.grant_rechecks = false;
  world.run_until(kFrom + 10min);
  const auto opened = world.turns(Turn::opened);
  REQUIRE(opened.size() == 3);
  CHECK(opened[0].at - kFrom <= 2min);
}

TEST_CASE("an outage of one component is not blamed on its siblings") {
  World world(of_one_owner(), [](const ProbeInfo& probe, WallTime when, Random&) {
    return probe.id.name == "whatsapp.media-upload" && when >= kFrom ? failure() : ok();
  });
  world.run_until(kFrom + 1h);
  const auto opened = world.turns(Turn::opened);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].component == *parse_component("whatsapp/media-upload"));
}

TEST_CASE("a target's blip after another one's stray failure is not opened by what they share") {
  check_no_outage_of(of_one_owner(), "facebook.login", "instagram.login", 200);
}

TEST_CASE("a target that fails on and on just after another one did so makes an outage of both") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    World world(
        of_one_owner(),
        [](const ProbeInfo& probe, WallTime when, Random&) {
          const std::string& id = probe.id.name;
          const bool first = id == "facebook.media-upload" && when >= kFrom && when < kFrom + 220s;
          const bool then = id == "instagram.media-upload" && when >= kFrom + 230s;
          return first || then ? failure() : ok();
        },
        seed);
    world.grant_rechecks = false;
    world.run_until(kFrom + 20min);
    const auto opened = world.turns(Turn::opened);
    REQUIRE(opened.size() == 2);
    for (const auto& one : opened) {
      CHECK(one.at > kFrom + 230s);
      CHECK(one.at - kFrom <= 230s + 130s);
    }
  }
}

TEST_CASE("one endpoint's blip and another one's stray failure are no outage of their component") {
  auto probes = twelve_probes() + controls();
  probes.push_back(probe("whatsapp/login", "edge-2"));
  check_no_outage_of(probes, "whatsapp.login", "whatsapp.login.edge-2", 100);
}
