// The daemon may stop anywhere; what it decides must not depend on it.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

const auto kProbes = probes_of({"whatsapp/media-upload", "instagram/media-upload", "facebook/login"}) + controls();

/// Something of everything, in three hours.
Answer eventful(const ProbeInfo& probe, WallTime when, Random& random) {
  const auto minute = std::chrono::duration_cast<std::chrono::minutes>(when - kStart).count();
  if (minute >= 100 && minute < 110) return random.chance(0.8) ? time_out() : ok();
  if (is_control(probe)) return ok();
  if (probe.component.function == "login" && minute >= 20 && minute < 40) return our_fault("token_expired");
  if (probe.component.platform == "instagram" && minute >= 60 && minute < 80) return slow_answer();
  if (probe.component.function == "media-upload" && minute >= 30 && minute < 90) {
    return random.chance(0.6) ? failure() : ok();
  }
  return random.chance(0.02) ? failure(Layer::tcp, "reset") : ok();
}

std::vector<Finding> findings_with_restarts(std::uint64_t seed, const std::vector<int>& cuts) {
  World world(kProbes, eventful, seed);
  int events = 0;
  world.after_each = [&] {
    ++events;
    if (std::find(cuts.begin(), cuts.end(), events) != cuts.end()) RC_ASSERT(world.restart());
  };
  world.run_until(kStart + 3h);
  return world.findings;
}

}  // namespace

TEST_CASE("a restart at any point changes no finding") {
  CHECK(rc::check("restart", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
    const auto cuts = *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(1, 3000));
    const auto whole = findings_with_restarts(seed, {});
    RC_ASSERT(whole.size() > 5U);
    RC_ASSERT(findings_with_restarts(seed, cuts) == whole);
  }));
}

TEST_CASE("a restart at any point changes nothing of what is learned of the hours of the week and of a new normal") {
  const auto findings = [](std::uint64_t seed, const std::vector<int>& cuts) {
    const auto probes = std::vector{probe("whatsapp/login", "host", 5min), probe("control/web", "other", 5min)};
    World world(
        probes,
        [](const ProbeInfo& probe, WallTime when, Random& random) {
          const auto hours = std::chrono::duration_cast<std::chrono::hours>(when - kStart).count();
          auto answer = random.chance(0.002) ? failure() : ok();
          if (hours % 24 < 8) answer.took /= 3;
          if (!is_control(probe) && hours >= 75 && hours < 110) answer.took *= 4;
          return answer;
        },
        seed);
    int events = 0;
    world.after_each = [&] {
      ++events;
      if (std::ranges::find(cuts, events) != cuts.end()) RC_ASSERT(world.restart());
    };
    world.run_until(kStart + 120h);
    return std::pair{world.findings, world.detector.save()};
  };
  CHECK(std::ranges::any_of(findings(1, {}).first, [](const Finding& one) {
    const auto* component = std::get_if<ComponentFinding>(&one);
    return component != nullptr && component->turn == Turn::accustomed;
  }));
  CHECK(rc::check("restart in a week", [&findings] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
    const auto cuts = *rc::gen::container<std::vector<int>>(5, rc::gen::inRange(1, 6000));
    const auto whole = findings(seed, {});
    RC_ASSERT(whole.first.size() > 1U);
    RC_ASSERT(findings(seed, cuts) == whole);
  }));
}

TEST_CASE("saving and loading gives the same state") {
  World world(kProbes, eventful, 5);
  for (int minute = 10; minute <= 180; minute += 10) {
    world.run_until(kStart + minute * 1min);
    const auto saved = world.detector.save();
    REQUIRE(world.restart());
    CHECK(world.detector.save() == saved);
  }
}

TEST_CASE("the saved state stays below four kibibytes a probe") {
  World world(kProbes, [](const ProbeInfo& probe, WallTime, Random& random) {
    auto answer = is_control(probe) ? ok() : failure(Layer::tcp, "kind_" + std::to_string(random.below(1000)));
    answer.detail = std::string(500, 'x');
    return random.chance(0.5) ? answer : ok();
  });
  world.run_until(kStart + 50h);
  CHECK(world.detector.save().size() < kProbes.size() * 4096);
}

TEST_CASE("what cannot be loaded is refused and leaves the detector as it was") {
  World world(kProbes, eventful);
  world.run_until(kStart + 1h);
  const auto saved = world.detector.save();
  for (const std::string bad : {"", "{", "[]", "{}", R"({"version":99})", R"({"version":1,"time":[true,"x",1]})"}) {
    CAPTURE(bad);
    const auto loaded = world.detector.load(bad);
    CHECK_FALSE(loaded.has_value());
    CHECK(world.detector.save() == saved);
  }
  // Any truncation of the real thing too.
  for (std::size_t length = 0; length < saved.size(); length += 97) {
    CHECK_FALSE(world.detector.load(saved.substr(0, length)).has_value());
  }
  CHECK(world.detector.save() == saved);
}

TEST_CASE("other probes than before the restart keep what is known of those that stayed") {
  World world(kProbes, [](const ProbeInfo& probe, WallTime when, Random&) {
    return !is_control(probe) && when >= kStart + 1h ? failure() : ok();
  });
  world.run_until(kStart + 2h);
  const auto saved = world.detector.save();
  Detector other({}, probes_of({"whatsapp/media-upload", "own/web"}) + controls(2));
  REQUIRE(other.load(saved).has_value());
  const auto beliefs = other.beliefs();
  REQUIRE(beliefs.size() == 2);
  CHECK(beliefs[0].state == ComponentState::unknown);
  CHECK(beliefs[1].state == ComponentState::major_outage);
  CHECK(other.site().online);
}

TEST_CASE("components are not left unknown when the controls change while our network is lost") {
  World world(kProbes,
              [](const ProbeInfo&, WallTime when, Random&) { return when >= kStart + 1h ? time_out() : ok(); });
  world.run_until(kStart + 2h);
  REQUIRE_FALSE(world.detector.site().online);
  Detector other({}, probes_of({"whatsapp/media-upload"}) + controls(2));
  REQUIRE(other.load(world.detector.save()).has_value());
  CHECK(other.site().online);
  CHECK(other.beliefs()[0].state == ComponentState::operational);
}
