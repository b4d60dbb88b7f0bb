// The daemon may stop anywhere: the same incidents go on, nothing is announced twice, nothing is lost.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "incident/story.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace outaged::test;

namespace {

const auto kProbes =
    probes_of({"whatsapp/media-upload", "instagram/media-upload", "instagram/login", "own/web"}) + controls();

Answer eventful(const detect::ProbeInfo& probe, WallTime when, Random& random) {
  const auto minute = std::chrono::duration_cast<std::chrono::minutes>(when - kStart).count();
  if (minute >= 70 && minute < 78) return time_out();
  if (is_control(probe)) return ok();
  if (probe.component.function == "media-upload" && minute >= 30 && minute < 90) {
    return random.chance(minute < 50 ? 1 : 0.5) ? failure() : ok();
  }
  if (probe.component.platform == kOwnPlatform && minute >= 40 && minute < 60) return failure(Layer::tcp, "refused");
  return ok();
}

struct Told {
  std::map<IncidentId, Incident> incidents;
  std::vector<Announcement> announcements;
  bool operator==(const Told&) const = default;
};

Told story_with_restarts(std::uint64_t seed, const std::vector<int>& cuts) {
  Story story(kProbes, eventful, seed);
  int events = 0;
  story.world.after_each = [&] {
    ++events;
    if (std::find(cuts.begin(), cuts.end(), events) != cuts.end()) RC_ASSERT(story.restart());
  };
  story.world.run_until(kStart + 3h);
  return {story.incidents, story.announcements};
}

}  // namespace

TEST_CASE("a restart at any point changes no incident and no announcement") {
  CHECK(rc::check("restart", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
    const auto cuts = *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(1, 3000));
    const auto whole = story_with_restarts(seed, {});
    RC_ASSERT(whole.incidents.size() == 2U);
    RC_ASSERT(story_with_restarts(seed, cuts) == whole);
  }));
}

TEST_CASE("a restart in the hold announces the opening once and no later") {
  // The restarts fall on every event of the minutes around the opening.
  const auto whole = story_with_restarts(1, {});
  for (int event = 600; event < 900; event += 3) {
    CAPTURE(event);
    CHECK(story_with_restarts(1, {event}).announcements == whole.announcements);
  }
}

TEST_CASE("a component that is no longer probed does not keep its incident open") {
  Story story(kProbes, eventful);
  story.world.run_until(kStart + 50min);
  REQUIRE(story.incidents.size() == 2);
  std::vector<Incident> open;
  for (const auto& [id, one] : story.incidents) open.push_back(one);
  const auto fewer = probes_of({"whatsapp/media-upload", "instagram/media-upload"});
  Ledger ledger({}, {fewer[0].component, fewer[1].component}, IncidentId{3});
  detect::Detector detector({}, fewer);
  REQUIRE(detector.load(story.world.detector.save()).has_value());
  ledger.restore(open, detector.beliefs(), detector.site());
  const auto effects = ledger.advance(kStart + 51min);
  REQUIRE(effects.announcements.size() == 1);
  CHECK(effects.announcements[0].kind == AnnouncementKind::resolved);
  REQUIRE(ledger.open().size() == 1);
  CHECK(ledger.open()[0].components[0].id.platform != kOwnPlatform);
}
