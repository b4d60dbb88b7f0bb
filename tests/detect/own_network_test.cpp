// The loss of our own network is no outage of anybody.
#include <doctest/doctest.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

/// Everything, controls too, loses attempts with a probability.
World::Rule losing(double share, Micros length) {
  return [=](const ProbeInfo&, WallTime when, Random& random) {
    return when >= kFrom && when < kFrom + length && random.chance(share) ? time_out() : ok();
  };
}

}  // namespace

TEST_CASE("a total loss of our own network makes components unknown and is no outage") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    World world(twelve_probes() + controls(), losing(1, 20min), seed);
    world.run_until(kFrom + 10min);
    CHECK_FALSE(world.detector.site().online);
    for (const auto& belief : world.detector.beliefs()) CHECK(belief.state == ComponentState::unknown);
    CHECK(world.turns(Turn::obscured).size() == 12);
    world.run_until(kFrom + 1h);
    CHECK(world.turns(Turn::opened).empty());
    const auto site = world.of_site();
    REQUIRE(site.size() == 2);
    CHECK_FALSE(site[0].online);
    CHECK(site[0].at - kFrom < 2min);
    CHECK(site[0].since <= site[0].at);
    CHECK(site[1].online);
    CHECK(site[1].at - (kFrom + 20min) < 3min);
    for (const auto& belief : world.detector.beliefs()) CHECK(belief.state == ComponentState::operational);
  }
}

TEST_CASE("a network that loses a part of everything is no outage either") {
  for (const double share : {0.3, 0.6, 0.9}) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      CAPTURE(share);
      CAPTURE(seed);
      World world(twelve_probes() + controls(), losing(share, 30min), seed);
      world.run_until(kFrom + 90min);
      CHECK(world.turns(Turn::opened).empty());
      CHECK(world.of_site().size() >= 2);
    }
  }
}

TEST_CASE("a short loss of packets that breaks now at the name and now at the connection is hardly ever an outage") {
  std::size_t opened = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    World world(
        twelve_probes() + controls(),
        [](const ProbeInfo&, WallTime when, Random& random) {
          if (when < kFrom || when >= kFrom + 60s || !random.chance(0.4)) return ok();
          const double draw = random.uniform();
          if (draw < 0.4) return time_out();
          return draw < 0.7 ? failure(Layer::dns, "servfail", 5s) : failure(Layer::tcp, "refused");
        },
        seed);
    world.run_until(kFrom + 10min);
    if (!world.turns(Turn::opened).empty()) ++opened;
  }
  CHECK(opened <= 4);
}

TEST_CASE("a network that still answers for names and loses every connection is lost and no outage") {
  const auto is_web = [](const ProbeInfo& probe) { return probe.component.function == "web"; };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    // Platforms are refused at once; of the controls those for names and the gateway answer at once, the others wait.
    World world(
        twelve_probes() + probes_of({"whatsapp/dns", "instagram/dns", "facebook/dns"}) + all_kinds_of_controls(),
        [&](const ProbeInfo& probe, WallTime when, Random&) {
          if (when < kFrom || when >= kFrom + 20min || probe.component.function == "dns") return ok();
          if (!is_control(probe)) return failure(Layer::tcp, "refused");
          return is_web(probe) ? failure(Layer::tcp, "no_answer", 8s) : ok();
        },
        seed);
    world.run_until(kFrom + 10min);
    CHECK_FALSE(world.detector.site().online);
    world.run_until(kFrom + 1h);
    CHECK(world.turns(Turn::opened).empty());
    const auto site = world.of_site();
    REQUIRE(site.size() == 2);
    CHECK(site[0].at - kFrom < 2min);
    CHECK(site[1].online);
    CHECK(site[1].at >= kFrom + 20min);
    CHECK(site[1].at - (kFrom + 20min) < 3min);
  }
}

TEST_CASE("connections that are lost before anything was ever answered are our own network's") {
  World world(twelve_probes() + all_kinds_of_controls(), [](const ProbeInfo& probe, WallTime, Random&) {
    const bool shallow = is_control(probe) && probe.component.function != "web";
    return shallow ? ok() : failure(Layer::tcp, "refused");
  });
  world.run_until(kStart + 1h);
  CHECK(world.turns(Turn::opened).empty());
  CHECK_FALSE(world.detector.site().online);
}

TEST_CASE("with few controls a lost network is no outage either, though names or our gateway still answer") {
  const auto gateway = test::probe("control/gateway");
  const std::vector<std::vector<ProbeInfo>> few{controls(2) + name_servers(1) + std::vector{gateway},
                                                controls(1) + std::vector{gateway}, controls(1) + name_servers(1),
                                                controls(2)};
  for (std::size_t i = 0; i < few.size(); ++i) {
    CAPTURE(i);
    World world(twelve_probes() + few[i], [](const ProbeInfo& probe, WallTime when, Random&) {
      const bool shallow = is_control(probe) && probe.component.function != "web";
      return when < kFrom || when >= kFrom + 20min || shallow ? ok() : failure(Layer::tcp, "refused");
    });
    world.run_until(kFrom + 10min);
    CHECK_FALSE(world.detector.site().online);
    world.run_until(kFrom + 1h);
    CHECK(world.detector.site().online);
    CHECK(world.turns(Turn::opened).empty());
    CHECK(world.of_site().size() == 2);
  }
}

TEST_CASE("two of three hosts that fail for long are no loss of ours while names and platforms are answered") {
  World world(twelve_probes() + controls(3) + name_servers(3),
              [](const ProbeInfo& probe, WallTime when, Random& random) {
                if (when < kFrom || !is_control(probe)) return ok();
                // One is dead, another comes and goes.
                if (probe.endpoint == "host-0") return time_out();
                return probe.endpoint == "host-1" && random.chance(0.6) ? time_out() : ok();
              });
  world.run_until(kFrom + 12h);
  CHECK(world.of_site().empty());
}

TEST_CASE("control hosts that die for good are told from a lost network by what the platforms answer") {
  const std::vector<std::vector<ProbeInfo>> cases{controls(3) + name_servers(4),
                                                  controls(3) + name_servers(2),
                                                  controls(1) + name_servers(2),
                                                  controls(1) + name_servers(1),
                                                  controls(2),
                                                  controls(1)};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    auto seldom = probes_of({"whatsapp/login", "instagram/login", "facebook/login"});
    for (auto& probe : seldom) probe.interval = 5min;
    World world(seldom + cases[i], [](const ProbeInfo& probe, WallTime when, Random&) {
      return probe.component.function == "web" && when >= kFrom ? time_out() : ok();
    });
    world.run_until(kFrom + 12h);
    // Perhaps lost for a moment and back, where most of them die at once and nobody else is asked just then.
    CHECK(world.of_site().size() <= 2);
    CHECK(world.detector.site().online);
    CHECK(world.turns(Turn::opened).empty());
  }
}

TEST_CASE("one dead control host is no loss of ours before the others have been heard") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    World world(
        twelve_probes() + all_kinds_of_controls(),
        [](const ProbeInfo& probe, WallTime, Random&) {
          return probe.endpoint == "host-0" ? failure(Layer::tcp, "refused") : ok();
        },
        seed);
    world.grant_rechecks = seed % 2 == 0;
    world.run_until(kStart + 10min);
    CHECK(world.of_site().empty());
  }
}

TEST_CASE("a control that cannot ask, or a site of our own that answers, does not hide that connections are lost") {
  auto unasked = test::probe("control/web", "misconfigured");
  World world(twelve_probes() + probes_of({"own/shop"}) + all_kinds_of_controls() + std::vector{unasked},
              [](const ProbeInfo& probe, WallTime when, Random&) {
                if (probe.endpoint == "misconfigured") return our_fault("bad_target", Layer::local);
                const bool near =
                    probe.component.platform == "own" || (is_control(probe) && probe.component.function != "web");
                const bool lost = when >= kFrom && when < kFrom + 20min;
                return lost && !near ? failure(Layer::tcp, "refused") : ok();
              });
  world.run_until(kFrom + 10min);
  CHECK_FALSE(world.detector.site().online);
  world.run_until(kFrom + 1h);
  CHECK(world.detector.site().online);
  CHECK(world.turns(Turn::opened).empty());
}

TEST_CASE("names that are gone while everything else is reached are an outage cleared by the controls for names") {
  World world(twelve_probes() + all_kinds_of_controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    const bool web = probe.component.function == "web";
    if (when < kFrom || (is_control(probe) && !web)) return ok();
    // Two of four hosts are gone too: that is no loss of ours.
    if (is_control(probe)) return probe.endpoint < "host-2" && when > kFrom + 10min ? time_out() : ok();
    return failure(Layer::dns, "servfail");
  });
  world.run_until(kFrom + 2min);
  CHECK(world.turns(Turn::opened).size() == 12);
  world.run_until(kFrom + 30min);
  CHECK(world.of_site().empty());
}

TEST_CASE("where only name servers are asked as controls they clear our own network of anything") {
  World world(twelve_probes() + name_servers(3), [](const ProbeInfo& probe, WallTime when, Random&) {
    return !is_control(probe) && when >= kFrom ? failure(Layer::tcp, "refused") : ok();
  });
  world.run_until(kFrom + 3min);
  const auto opened = world.turns(Turn::opened);
  REQUIRE(opened.size() == 12);
  for (const auto& one : opened) CHECK(one.evidence.own_network == OwnNetwork::fine);
}

TEST_CASE("failures that came just before the controls noticed are withdrawn") {
  // The controls' own schedule is slow here, and nobody grants re-checks: platforms fail first.
  auto slow_controls = controls();
  for (auto& control : slow_controls) control.interval = 2min;
  World world(twelve_probes() + slow_controls, losing(1, 30min));
  world.grant_rechecks = false;
  world.run_until(kFrom + 4min);
  REQUIRE_FALSE(world.of_site().empty());
  world.run_until(kFrom + 29min);
  CHECK(world.turns(Turn::opened).empty());
}

TEST_CASE("an outage with healthy controls is not taken for our own network") {
  World world(twelve_probes() + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    return !is_control(probe) && when >= kFrom ? time_out() : ok();
  });
  world.run_until(kFrom + 10min);
  CHECK(world.of_site().empty());
  CHECK(world.turns(Turn::opened).size() == 12);
}

TEST_CASE("one dead control host neither hides an outage nor makes us offline") {
  World world(twelve_probes() + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (probe.endpoint == "host-1" && when >= kStart + 30min) return time_out();
    return probe.component.function == "login" && when >= kFrom ? failure() : ok();
  });
  world.run_until(kFrom + 10min);
  CHECK(world.of_site().empty());
  CHECK(world.turns(Turn::opened).size() == 3);
}

TEST_CASE("a control host that has long been dead does not hide an outage of silence") {
  World world(twelve_probes() + controls(4), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (probe.endpoint == "host-1" && when >= kStart + 30min) return time_out();
    return probe.component.function == "login" && when >= kFrom ? time_out() : ok();
  });
  world.run_until(kFrom + 5min);
  CHECK(world.of_site().empty());
  CHECK(world.turns(Turn::opened).size() == 3);
}

TEST_CASE("while our network is lost an open outage neither ends nor grows and goes on after it") {
  World world(probes_of({"whatsapp/message"}) + controls(), [](const ProbeInfo& probe, WallTime when, Random& random) {
    if (when >= kFrom + 30min && when < kFrom + 60min) return time_out();
    return !is_control(probe) && when >= kFrom && random.chance(0.5) ? failure() : ok();
  });
  world.run_until(kFrom + 3h);
  CHECK(world.turns(Turn::opened).size() == 1);
  CHECK(world.turns(Turn::recovered).empty());
  const auto revealed = world.turns(Turn::revealed);
  REQUIRE(revealed.size() == 2);  // the first is the first answer ever
  CHECK(revealed[1].state == ComponentState::partial_outage);
  CHECK(world.detector.beliefs()[0].course == Belief::Course::failing);
  for (const auto& changed : world.turns(Turn::changed)) {
    CHECK((changed.at < kFrom + 30min || changed.at > kFrom + 61min));
  }
}

TEST_CASE("failures of runs begun just after the return do not count") {
  World world(twelve_probes() + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (when >= kFrom && when < kFrom + 10min) return time_out();
    // Names of platforms resolve a little later than those of the controls.
    const bool still = !is_control(probe) && when >= kFrom && when < kFrom + 10min + 40s;
    return still ? failure(Layer::dns, "servfail") : ok();
  });
  world.run_until(kFrom + 1h);
  CHECK(world.turns(Turn::opened).empty());
}

TEST_CASE("without control probes an outage is decided all the same and says so") {
  World world(twelve_probes(),
              [](const ProbeInfo&, WallTime when, Random&) { return when >= kFrom ? failure() : ok(); });
  world.run_until(kFrom + 5min);
  const auto opened = world.turns(Turn::opened);
  REQUIRE(opened.size() == 12);
  CHECK(opened[0].evidence.own_network == OwnNetwork::unchecked);
}

TEST_CASE("controls that never answer delay a verdict only for the stated time") {
  // Configured, but never run: no result of theirs ever comes.
  const auto one = probes_of({"whatsapp/message"});
  Settings hasty;
  hasty.lone_span = 20s;
  Detector detector(hasty, one + controls());
  for (int i = 0; i < 5; ++i) detector.observe(result_of(one[0], kStart + 60s * i, ok()));
  std::optional<ComponentFinding> opened;
  const auto keep = [&](const Decisions& decisions) {
    for (const auto& finding : decisions.findings) {
      const auto* component = std::get_if<ComponentFinding>(&finding);
      if (component != nullptr && component->turn == Turn::opened) opened = *component;
    }
  };
  WallTime known{};
  for (const auto after : {0s, 12s, 24s, 36s}) {
    const auto result = result_of(one[0], kStart + 300s + after, time_out());
    known = result.known_at();
    keep(detector.observe(result));
  }
  CHECK_FALSE(opened);
  REQUIRE(detector.next_deadline());
  while (const auto due = detector.next_deadline()) {
    keep(detector.advance(*due));
    if (opened) break;
  }
  REQUIRE(opened);
  // A round of the controls, from when the evidence was enough, and no longer.
  CHECK(opened->at > known);
  CHECK(opened->at <= known + 75s);
  CHECK(opened->evidence.own_network == OwnNetwork::silent);
}

TEST_CASE("a control that is refused for our sake shows that the way works") {
  World world(twelve_probes() + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (when < kFrom) return ok();
    return is_control(probe) ? blocked() : failure();
  });
  world.run_until(kFrom + 10min);
  CHECK(world.of_site().empty());
  CHECK(world.turns(Turn::opened).size() == 12);
}

TEST_CASE("a loss of our own network is no relapse of what is ending") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    World world(
        twelve_probes() + controls(),
        [](const ProbeInfo& probe, WallTime when, Random&) {
          const bool outage = probe.component.platform == "whatsapp" && when >= kFrom && when < kFrom + 30min;
          if (outage) return failure();
          const bool lost = when >= kFrom + 36min && when < kFrom + 38min;
          return lost ? time_out() : ok();
        },
        seed);
    world.run_until(kFrom + 2h);
    CHECK(world.turns(Turn::relapsed).empty());
    CHECK(world.turns(Turn::recovered).size() == world.turns(Turn::opened).size());
  }
}
