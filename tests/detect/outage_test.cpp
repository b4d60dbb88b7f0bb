// Failing platforms: found soon, told as one outage, dated rightly.
#include <map>
#include <optional>
#include <utility>

#include <doctest/doctest.h>

#include "detect/window.hpp"
#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

/// Between two times attempts of platforms fail with a probability; controls are fine.
World::Rule failing(double share, WallTime from, WallTime to, Answer how = failure()) {
  return [=](const ProbeInfo& probe, WallTime when, Random& random) {
    const bool now = !is_control(probe) && when >= from && when < to;
    return now && random.chance(share) ? how : ok();
  };
}

const std::vector<ProbeInfo> kOne = probes_of({"whatsapp/media-upload"});
const std::vector<ProbeInfo> kTwo = probes_of({"whatsapp/media-download", "whatsapp/media-upload"});

}  // namespace

TEST_CASE("a total outage of two functions is opened within ninety seconds and few results") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    World world(kTwo + controls(), failing(1, kFrom, kFrom + 1h), seed);
    world.run_until(kFrom + 30min);
    const auto opened = world.turns(Turn::opened);
    REQUIRE(opened.size() == 2);
    CHECK(opened[0].at - kFrom <= 95s);
    CHECK(opened[0].evidence.failures <= 8);
    CHECK(opened[0].state == ComponentState::major_outage);
    CHECK(opened[0].previous == ComponentState::operational);
    CHECK(opened[0].evidence.dominant_layer() == Layer::http);
    CHECK(opened[0].evidence.own_network == OwnNetwork::fine);
    CHECK(opened[0].evidence.example == "HTTP 503");
  }
}

TEST_CASE("one target that fails alone is an outage once that has outlasted a blip") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    World world(kOne + controls(), failing(1, kFrom, kFrom + 1h), seed);
    world.run_until(kFrom + 30min);
    const auto opened = world.turns(Turn::opened);
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].at - kFrom >= Settings{}.lone_span);
    CHECK(opened[0].at - kFrom <= Settings{}.lone_span + 125s);
    CHECK(opened[0].state == ComponentState::major_outage);
  }
}

TEST_CASE("a target that is gone alone for two minutes is no outage") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    World world(kOne + controls(), failing(1, kFrom, kFrom + 2min), seed);
    world.run_until(kFrom + 30min);
    CHECK(world.turns(Turn::opened).empty());
  }
}

TEST_CASE("the onset is the first failing result and not the decision") {
  World world(kOne + controls(), failing(1, kFrom, kFrom + 1h));
  world.run_until(kFrom + 10min);
  const auto opened = world.turns(Turn::opened);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].onset >= kFrom);
  CHECK(opened[0].onset < kFrom + 61s);
  CHECK(opened[0].at > opened[0].onset);
}

TEST_CASE("agreement of two endpoints needs no waiting") {
  Settings patient;
  patient.lone_span = 10min;
  const auto two = std::vector{probe("whatsapp/media-upload", "a"), probe("whatsapp/media-upload", "b")};
  World agreeing(two + controls(), failing(1, kFrom, kFrom + 1h), 1, patient);
  agreeing.run_until(kFrom + 5min);
  CHECK(agreeing.turns(Turn::opened).size() == 1);

  const auto same = std::vector{probe("whatsapp/media-upload", "a"), probe("whatsapp/media-upload", "a")};
  World alone(std::vector{same[0]} + controls(), failing(1, kFrom, kFrom + 1h), 1, patient);
  alone.run_until(kFrom + 5min);
  CHECK(alone.turns(Turn::opened).empty());
  alone.run_until(kFrom + 15min);
  CHECK(alone.turns(Turn::opened).size() == 1);
}

TEST_CASE("a hiccup of seconds is no outage") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    World world(
        twelve_probes() + controls(),
        [](const ProbeInfo& probe, WallTime when, Random&) {
          const bool now = probe.id.name == "whatsapp.login" && when >= kFrom && when < kFrom + 15s;
          return now ? failure() : ok();
        },
        seed);
    world.run_until(kFrom + 1h);
    CHECK(world.turns(Turn::opened).empty());
  }
}

TEST_CASE("a partial outage of 30 % for hours is found within minutes and is one outage") {
  int slow = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    World world(kOne + controls(), failing(0.3, kFrom, kFrom + 4h), seed);
    world.run_until(kFrom + 8h);
    const auto opened = world.turns(Turn::opened);
    REQUIRE(opened.size() == 1);
    if (opened[0].at - kFrom > 20min) ++slow;
    const auto recovered = world.turns(Turn::recovered);
    REQUIRE(recovered.size() == 1);
    CHECK(recovered[0].at > kFrom + 4h);
    CHECK(recovered[0].onset == opened[0].onset);
    CHECK(*recovered[0].last_failure < kFrom + 4h);
    CHECK(world.detector.beliefs()[0].course == Belief::Course::steady);
  }
  CHECK(slow <= 5);
}

TEST_CASE("a total outage is over some minutes after its end") {
  World world(kOne + controls(), failing(1, kFrom, kFrom + 1h));
  world.run_until(kFrom + 3h);
  const auto recovering = world.turns(Turn::recovering);
  const auto recovered = world.turns(Turn::recovered);
  REQUIRE(recovering.size() == 1);
  REQUIRE(recovered.size() == 1);
  CHECK(recovering[0].at >= kFrom + 1h);
  CHECK(recovering[0].state == ComponentState::operational);
  CHECK(recovered[0].at > recovering[0].at);
  CHECK(recovered[0].at - *recovered[0].last_failure >= Settings{}.quiet_period);
  CHECK(recovered[0].at <= kFrom + 1h + 10min);
}

TEST_CASE("what fails again within the quiet period is the same outage") {
  World world(kOne + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    const bool first = when >= kFrom && when < kFrom + 30min;
    const bool second = when >= kFrom + 33min && when < kFrom + 60min;
    return !is_control(probe) && (first || second) ? failure() : ok();
  });
  world.run_until(kFrom + 3h);
  CHECK(world.turns(Turn::opened).size() == 1);
  CHECK(world.turns(Turn::relapsed).size() == 1);
  CHECK(world.turns(Turn::relapsed)[0].onset == world.turns(Turn::opened)[0].onset);
  CHECK(world.turns(Turn::recovered).size() == 1);
}

TEST_CASE("an outage that eases from total to partial changes its state and stays one") {
  World world(kOne + controls(), [](const ProbeInfo& probe, WallTime when, Random& random) {
    if (is_control(probe) || when < kFrom) return ok();
    return random.chance(when < kFrom + 1h ? 1 : 0.4) ? failure() : ok();
  });
  world.run_until(kFrom + 59min);
  CHECK(world.detector.beliefs()[0].state == ComponentState::major_outage);
  CHECK(world.turns(Turn::changed).empty());
  world.run_until(kFrom + 3h);
  CHECK(world.detector.beliefs()[0].state == ComponentState::partial_outage);
  CHECK(world.detector.beliefs()[0].share < 0.75);
  CHECK(world.turns(Turn::opened).size() == 1);
  CHECK(world.turns(Turn::recovered).empty());
}

TEST_CASE("another failing layer is reported once it is clear") {
  World world(kOne + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (is_control(probe) || when < kFrom) return ok();
    return when < kFrom + 30min ? time_out() : failure(Layer::dns, "servfail");
  });
  world.run_until(kFrom + 2h);
  const auto changed = world.turns(Turn::changed);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].layer == Layer::dns);
  CHECK(changed[0].at > kFrom + 30min);
}

TEST_CASE("where two layers fail alike, neither is told by turns") {
  int changes = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    World world(
        twelve_probes() + controls(),
        [](const ProbeInfo& probe, WallTime when, Random& random) {
          if (is_control(probe) || when < kFrom || !random.chance(0.3)) return ok();
          return random.chance(0.5) ? time_out() : failure();
        },
        seed);
    world.run_until(kFrom + 3h);
    std::map<ComponentId, std::optional<Layer>> layers;
    for (const auto& opened : world.turns(Turn::opened)) layers[opened.component] = opened.layer;
    for (const auto& changed : world.turns(Turn::changed)) {
      if (std::exchange(layers[changed.component], changed.layer) != changed.layer) ++changes;
    }
  }
  // Of sixty components in three hours each.
  CHECK(changes <= 6);
}

TEST_CASE("another share that lasts is told though the state stays") {
  World world(kOne + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (is_control(probe) || when < kFrom) return ok();
    const auto minute = (when - kFrom) / 1min;
    return (when < kFrom + 3h ? minute % 4 == 0 : minute % 5 < 3) ? failure() : ok();
  });
  world.run_until(kFrom + 3h);
  const auto before = world.turns(Turn::changed).size();
  CHECK(before <= 1);
  world.run_until(kFrom + 6h);
  const auto changed = world.turns(Turn::changed);
  REQUIRE(changed.size() > before);
  CHECK(changed.size() <= before + 2);
  CHECK(changed.back().state == ComponentState::partial_outage);
  CHECK(changed.back().previous == ComponentState::partial_outage);
  CHECK(changed.back().evidence.share() > 0.5);
  CHECK(changed.back().evidence.since >= kFrom + 3h - Window::kSpan);
}

TEST_CASE("what is counted is told with the time from which on") {
  World world(kTwo + controls(), failing(1, kFrom, kFrom + 3h));
  world.run_until(kFrom + 1h);
  const auto opened = world.turns(Turn::opened);
  REQUIRE(opened.size() == 2);
  CHECK(opened[0].evidence.since == opened[0].onset);
  CHECK(opened[0].evidence.failures > 0);
}

TEST_CASE("nothing is decided before its evidence was known") {
  World world(twelve_probes() + controls(), failing(0.7, kFrom, kFrom + 1h, time_out()), 3);
  WallTime latest{};
  world.on_finding = [&](const Finding& finding) {
    const auto decided = std::visit([](const auto& one) { return one.at; }, finding);
    CHECK(decided >= world.now());
    CHECK(decided >= latest);
    latest = decided;
  };
  world.run_until(kFrom + 2h);
  CHECK(world.turns(Turn::opened).size() == 12);
}

TEST_CASE("one stray failure after an outage delays its end a little and is no relapse") {
  bool stray = false;
  const World::Rule rule = [&](const ProbeInfo& probe, WallTime when, Random&) {
    if (is_control(probe)) return ok();
    if (when >= kFrom && when < kFrom + 30min) return failure();
    return std::exchange(stray, false) ? failure() : ok();
  };
  World world(kOne + controls(), rule);
  WallTime when = kFrom + 30min;
  while (world.turns(Turn::recovering).empty() && when < kFrom + 2h) world.run_until(when += 10s);
  REQUIRE(world.turns(Turn::recovering).size() == 1);
  world.run_until(when += 30s);
  stray = true;
  world.run_until(when + 90s);
  CHECK_FALSE(stray);
  CHECK(world.turns(Turn::recovered).empty());
  world.run_until(when + Settings{}.quiet_period * 2);
  CHECK(world.turns(Turn::recovered).size() == 1);
  CHECK(world.turns(Turn::relapsed).empty());
}

TEST_CASE("a component is unknown until its first answer") {
  World world(kOne, failing(0, kFrom, kFrom));
  CHECK(world.detector.beliefs()[0].state == ComponentState::unknown);
  world.run_until(kStart + 2min);
  CHECK(world.detector.beliefs()[0].state == ComponentState::operational);
  const auto revealed = world.turns(Turn::revealed);
  REQUIRE(revealed.size() == 1);
  CHECK(revealed[0].previous == ComponentState::unknown);
}

TEST_CASE("a fresh start in the middle of an outage sees it") {
  World world(kOne + controls(), failing(1, kStart, kStart + 1h, failure(Layer::dns, "servfail")));
  world.run_until(kStart + 5min);
  CHECK(world.turns(Turn::opened).size() == 1);
}

TEST_CASE("a result of a probe that is not known changes nothing") {
  Detector detector({}, kOne);
  const auto before = detector.save();
  const auto decisions = detector.observe(result_of(probe("facebook/login"), kStart, failure()));
  CHECK(decisions.findings.empty());
  CHECK(decisions.rechecks.empty());
  CHECK(detector.save() == before);
}

TEST_CASE("an outage that only an incident remembers goes on and ends") {
  Detector detector({}, kOne);
  detector.advance(kStart);
  detector.assume_failing(kOne[0].component, ComponentState::major_outage, kStart - 1h);
  REQUIRE(detector.beliefs()[0].course == Belief::Course::failing);
  CHECK(detector.beliefs()[0].state == ComponentState::major_outage);
  bool recovered = false;
  for (WallTime when = kStart; when < kStart + 2h; when += 20s) {
    for (const auto& finding : detector.observe(result_of(kOne[0], when, ok())).findings) {
      const auto& one = std::get<ComponentFinding>(finding);
      CHECK(one.turn != Turn::opened);
      if (one.turn == Turn::recovered) {
        recovered = true;
        CHECK(one.onset == kStart - 1h);
      }
    }
  }
  CHECK(recovered);
}

TEST_CASE("what cannot be asked any more does not keep open what is over everywhere else") {
  const auto rule = [](const ProbeInfo& probe, WallTime when, Random&) {
    const bool uploads = probe.component.function == "media-upload";
    if (uploads && when >= kFrom && when < kFrom + 30min) return failure();
    // Its token expires just before the end, for hours.
    if (uploads && probe.component.platform == "instagram" && when >= kFrom + 29min) return our_fault("token_expired");
    return ok();
  };
  auto probes = twelve_probes();
  for (auto& probe : probes) probe.owner = "Meta";
  World world(probes + controls(), rule);
  world.run_until(kFrom + 90min);
  CHECK(world.turns(Turn::opened).size() == 3);
  const auto over = world.turns(Turn::recovered);
  REQUIRE(over.size() == 3);
  for (const auto& one : over) CHECK(one.at < kFrom + 50min);
}

TEST_CASE("what could not be asked when its outage ended is unknown until it answers") {
  WallTime renewed = kFrom + 3h;
  const auto rule = [renewed](const ProbeInfo& probe, WallTime when, Random&) {
    const bool uploads = probe.component.function == "media-upload";
    if (uploads && when >= kFrom && when < kFrom + 30min) return failure();
    if (uploads && probe.component.platform == "instagram" && when >= kFrom + 29min && when < renewed)
      return our_fault("token_expired");
    return ok();
  };
  auto probes = twelve_probes();
  for (auto& probe : probes) probe.owner = "Meta";
  World world(probes + controls(), rule);
  const auto believed = [&world] {
    const auto beliefs = world.detector.beliefs();
    return std::ranges::find(beliefs, *parse_component("instagram/media-upload"), &Belief::component)->state;
  };
  world.run_until(kFrom + 28min);
  CHECK(believed() == ComponentState::major_outage);
  world.run_until(renewed - 1min);
  CHECK(believed() == ComponentState::unknown);
  world.run_until(renewed + 2min);
  CHECK(believed() == ComponentState::operational);
}

TEST_CASE("sites of one's own are over one by one, however long another fails") {
  const auto shop_fails = [](WallTime when) {
    return (when >= kFrom + 6h && when < kFrom + 6h + 10min) || when >= kFrom + 20h;
  };
  World world(probes_of({"own/blog", "own/shop"}) + controls(), [&](const ProbeInfo& probe, WallTime when, Random&) {
    if (probe.component.function == "blog" && when >= kFrom) return failure();
    return probe.component.function == "shop" && shop_fails(when) ? failure() : ok();
  });
  world.run_until(kFrom + 21h);
  const auto over = world.turns(Turn::recovered);
  REQUIRE(over.size() == 1);
  CHECK(over[0].component.function == "shop");
  CHECK(over[0].at - (kFrom + 6h + 10min) < 30min);
  CHECK(world.turns(Turn::opened).size() == 3);
}

TEST_CASE("one host that fails for ever keeps nothing else of its owner open for more than hours") {
  auto probes = twelve_probes();
  for (auto& one : probes) one.owner = "Meta";
  World world(probes + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    const bool dead = to_string(probe.component) == "instagram/login" && when >= kFrom;
    const bool lost = probe.component.platform == "whatsapp" && when >= kFrom + 6h && when < kFrom + 7h;
    return dead || lost ? failure() : ok();
  });
  world.run_until(kFrom + 12h);
  const auto over = world.turns(Turn::recovered);
  CHECK(over.size() == 4);
  for (const auto& one : over) {
    CHECK(one.component.platform == "whatsapp");
    CHECK(one.at - (kFrom + 7h) < 150min);
  }
}

TEST_CASE("what is asked once an hour is not taken for what cannot be asked") {
  auto probes = probes_of({"instagram/feed-load"});
  probes.push_back(probe("instagram/login", "login.example", 1h));
  World world(probes + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (is_control(probe) || when < kFrom) return ok();
    return probe.component.function == "login" || when < kFrom + 5h ? failure() : ok();
  });
  world.run_until(kFrom + 6h + 30min);
  CHECK(world.turns(Turn::opened).size() == 2);
  CHECK(world.turns(Turn::recovered).empty());
}

TEST_CASE("a probe that fails on and on is an outage of its component though others of the component work") {
  for (const auto& fails : {failure(Layer::api, "graph_code"), time_out()}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(seed);
      CAPTURE(static_cast<int>(fails.layer));
      const std::vector<ProbeInfo> uploads{test::probe("whatsapp/media-upload", "public"),
                                           test::probe("whatsapp/media-upload", "round-trip", 5min)};
      World world(
          probes_of({"whatsapp/login", "instagram/media-upload"}) + uploads + controls(),
          [&](const ProbeInfo& probe, WallTime when, Random&) {
            return probe.endpoint == "round-trip" && when >= kFrom && when < kFrom + 2h ? fails : ok();
          },
          seed);
      world.run_until(kFrom + 2h);
      const auto opened = world.turns(Turn::opened);
      REQUIRE(opened.size() == 1);
      CHECK(to_string(opened[0].component) == "whatsapp/media-upload");
      CHECK(opened[0].state == ComponentState::partial_outage);
      CHECK(opened[0].at - kFrom < 12min);
      CHECK(opened[0].onset - kFrom < 6min);
      CHECK(opened[0].evidence.own_network == OwnNetwork::fine);
      CHECK(world.turns(Turn::recovering).empty());
      world.run_until(kFrom + 4h);
      CHECK(world.turns(Turn::relapsed).empty());
      CHECK(world.turns(Turn::opened).size() == 1);
      CHECK(world.turns(Turn::recovered).size() == 1);
    }
  }
}

TEST_CASE("a probe that cannot ask any more does not keep open what it saw failing on and on") {
  const std::vector<ProbeInfo> uploads{test::probe("whatsapp/media-upload", "public"),
                                       test::probe("whatsapp/media-upload", "round-trip", 2min)};
  World world(probes_of({"whatsapp/login"}) + uploads + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    if (probe.endpoint != "round-trip" || when < kFrom) return ok();
    return when < kFrom + 10min ? failure(Layer::api, "graph_code") : our_fault("token_expired");
  });
  world.run_until(kFrom + 10min);
  REQUIRE(world.turns(Turn::opened).size() == 1);
  world.run_until(kFrom + 1h);
  CHECK(world.turns(Turn::recovered).size() == 1);
  CHECK(world.turns(Turn::opened).size() == 1);
}
