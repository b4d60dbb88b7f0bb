#include <set>

#include <doctest/doctest.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

std::set<std::string> names(const Decisions& decisions) {
  std::set<std::string> out;
  for (const auto& one : decisions.rechecks) out.insert(one.probe.name);
  return out;
}

}  // namespace

TEST_CASE("a failure asks its probe and its siblings and all controls again within seconds") {
  const auto probes = twelve_probes() + controls();
  Detector detector({}, probes);
  for (const auto& one : probes) detector.observe(result_of(one, kStart, ok()));
  const auto decisions = detector.observe(result_of(probe("whatsapp/login"), kStart + 30s, failure()));
  CHECK(names(decisions) == std::set<std::string>{"whatsapp.login", "instagram.login", "facebook.login",
                                                  "control.web.host-0", "control.web.host-1", "control.web.host-2"});
  for (const auto& one : decisions.rechecks) {
    CHECK(one.after > 0s);
    CHECK(one.after <= 5s);
  }
}

TEST_CASE("a success asks nothing") {
  Detector detector({}, twelve_probes() + controls());
  for (const auto& one : twelve_probes()) CHECK(detector.observe(result_of(one, kStart, ok())).rechecks.empty());
}

TEST_CASE("quick re-checks of one failure are bounded") {
  const auto one = probes_of({"whatsapp/login"});
  Detector detector({}, one);
  detector.observe(result_of(one[0], kStart, ok()));
  WallTime when = kStart + 60s;
  std::size_t asked = detector.observe(result_of(one[0], when, failure())).rechecks.size();
  for (int i = 0; i < 20; ++i) asked += detector.observe(result_of(one[0], when += 1s, ok())).rechecks.size();
  CHECK(asked == 4);
}

TEST_CASE("a stream of failures does not flood the controls") {
  const auto probes = twelve_probes();
  Detector detector({}, probes + controls());
  std::size_t asked = 0;
  for (int second = 0; second < 60; ++second) {
    for (const auto& one : probes) {
      for (const auto& recheck : detector.observe(result_of(one, kStart + second * 1s, time_out())).rechecks) {
        if (recheck.probe.name == "control.web.host-0") ++asked;
      }
    }
  }
  CHECK(asked >= 5);
  CHECK(asked <= 9);
}

TEST_CASE("while a component fails its probes run at the quicker pace and not after") {
  World world(probes_of({"whatsapp/login"}) + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    return !is_control(probe) && when >= kStart + 1h && when < kStart + 2h ? failure() : ok();
  });
  const auto results_between = [&world](WallTime from, WallTime to) {
    world.run_until(from);
    const auto before = world.results();
    world.run_until(to);
    return world.results() - before;
  };
  const auto healthy = results_between(kStart + 10min, kStart + 40min);
  const auto failing = results_between(kStart + 70min, kStart + 100min);
  const auto after = results_between(kStart + 180min, kStart + 210min);
  CHECK(healthy == 120);
  CHECK(failing > healthy + 60);
  CHECK(after == 120);
}
