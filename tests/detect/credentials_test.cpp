// Refused credentials: ours, or the platforms' (5 March 2024).
#include <doctest/doctest.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

World::Rule refused(const std::vector<std::string>& platforms, Micros apart = 0s) {
  return [=](const ProbeInfo& probe, WallTime when, Random&) {
    for (std::size_t i = 0; i < platforms.size(); ++i) {
      const bool now = when >= kFrom + apart * static_cast<int>(i);
      if (probe.component.platform == platforms[i] && now) return our_fault("token_expired");
    }
    return ok();
  };
}

}  // namespace

TEST_CASE("credentials refused by two platforms in the same minutes are an outage") {
  auto probes = twelve_probes();
  for (auto& one : probes) one.owner = "Meta";
  World world(probes + controls(), refused({"facebook", "instagram"}));
  world.run_until(kFrom + 30min);
  const auto opened = world.turns(Turn::opened);
  CHECK(opened.size() == 8);
  for (const auto& one : opened) CHECK(one.component.platform != "whatsapp");
  CHECK(world.detector.problems().empty());
}

TEST_CASE("a token of one platform that expires is our own problem and no outage") {
  World world(twelve_probes() + controls(), refused({"facebook"}));
  world.run_until(kFrom + 2h);
  CHECK(world.turns(Turn::opened).empty());
  CHECK(world.detector.problems().size() == 4);
}

TEST_CASE("tokens of two platforms that expire an hour apart are two problems and no outage") {
  World world(twelve_probes() + controls(), refused({"facebook", "instagram"}, 1h));
  world.run_until(kFrom + 3h);
  CHECK(world.turns(Turn::opened).empty());
  CHECK(world.detector.problems().size() == 8);
}

TEST_CASE("one credential for two platforms is one credential") {
  auto probes = twelve_probes();
  for (auto& one : probes) one.credential = "the only token";
  World world(probes + controls(), refused({"facebook", "instagram"}));
  world.run_until(kFrom + 1h);
  CHECK(world.turns(Turn::opened).empty());
}

TEST_CASE("two tokens of one platform that are refused together are our own") {
  auto probes = twelve_probes();
  for (auto& one : probes) one.credential = one.component.platform + " token of " + one.component.function;
  World world(probes + controls(), refused({"facebook"}));
  world.run_until(kFrom + 1h);
  CHECK(world.turns(Turn::opened).empty());
  CHECK(world.detector.problems().size() == 4);
}

TEST_CASE("tokens that expired while nobody looked were not refused at the same time") {
  auto probes = twelve_probes();
  World world(probes + controls(), refused({"facebook", "instagram"}));
  world.run_until(kFrom);
  // The machine was off for a week.
  world.clock_error = std::chrono::hours{24 * 7};
  world.run_until(kFrom + 2h);
  CHECK(world.turns(Turn::opened).empty());
  CHECK(world.detector.problems().size() == 8);
}
