// The recorded incidents (config/incidents), and what a day of trouble must not become.
#include <fstream>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "incident/story.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace outaged::test;

namespace {

using Json = nlohmann::json;

Json incident_file(const std::string& name) {
  std::ifstream file(std::string{OUTAGED_SOURCE_DIR} + "/config/incidents/" + name + ".json");
  return Json::parse(file);
}

Answer failing_by(const std::string& layer) {
  if (layer == "dns") return failure(Layer::dns, "servfail");
  if (layer == "timeout") return time_out();
  if (layer == "partial_content") return failure(Layer::content, "truncated");
  if (layer == "login") return failure(Layer::api, "login");
  return failure(Layer::http, "status_5xx");
}

struct Phase {
  WallTime start;
  WallTime end;
  std::set<std::string> platforms;
  std::set<std::string> functions;
  double share;
  Answer how;
};

/// Plays a file's phases: each attempt fails with the phase's share. The world's time is moved to the file's.
World::Rule played(const Json& file, WallTime from) {
  std::vector<Phase> phases;
  for (const auto& phase : file.at("phases")) {
    phases.push_back({at(phase.at("start").get<std::string>().c_str()), at(phase.at("end").get<std::string>().c_str()),
                      phase.at("platforms").get<std::set<std::string>>(),
                      phase.at("functions").get<std::set<std::string>>(), phase.at("failure_ratio").get<double>(),
                      failing_by(phase.at("layer").get<std::string>())});
  }
  return [phases, from](const detect::ProbeInfo& probe, WallTime when, Random& random) {
    const WallTime then = from + (when - kStart);
    for (const Phase& phase : phases) {
      if (then >= phase.start && then < phase.end && phase.platforms.contains(probe.component.platform) &&
          phase.functions.contains(probe.component.function)) {
        return random.chance(phase.share) ? phase.how : ok();
      }
    }
    return random.chance(0.003) ? time_out() : ok();
  };
}

std::vector<detect::ProbeInfo> probes_for(const Json& file) {
  std::set<std::string> components;
  for (const auto& one : file.at("expected").at("components")) components.insert(one.get<std::string>());
  for (const auto& one : file.at("expected").at("unaffected")) components.insert(one.get<std::string>());
  return probes_of({components.begin(), components.end()}) + controls();
}

/// What the file calls material is one incident. A trickle before it may be found, and be over, on its own.
void is_one_incident(const std::string& name, WallTime from, Micros length, std::uint64_t seed) {
  CAPTURE(name);
  CAPTURE(seed);
  const Json file = incident_file(name);
  const WallTime material = kStart + (at(file.at("expected").at("material_from").get<std::string>().c_str()) - from);
  Story story(probes_for(file), played(file, from), seed);
  story.world.run_until(kStart + length);
  std::vector<Incident> all;
  for (const auto& [id, one] : story.incidents) {
    if (!one.resolved_at || *one.resolved_at >= material) all.push_back(one);
  }
  REQUIRE(all.size() == 1);
  const Incident& one = all[0];
  std::set<std::string> components;
  for (const auto& member : one.components) components.insert(to_string(member.id));
  CHECK(components == file.at("expected").at("components").get<std::set<std::string>>());
  CHECK(one.shared_cause);
  CHECK(one.state == IncidentState::resolved);
  CHECK(one.opened_at <= material + 10min);
  CHECK(story.count(one.id, AnnouncementKind::opened) == 1);
  CHECK(story.count(one.id, AnnouncementKind::resolved) == 1);
  CHECK(story.count(one.id, AnnouncementKind::updated) <= 2);
  CHECK(story.world.of_site().empty());
}

}  // namespace

TEST_CASE("3 July 2019 is exactly one incident of the media functions") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    is_one_incident("2019-07-03-media-cdn", at("2019-07-03T10:00:00Z"), 18h, seed);
  }
}

TEST_CASE("4 October 2021 is exactly one incident of everything") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    is_one_incident("2021-10-04-bgp-dns", at("2021-10-04T14:00:00Z"), 12h, seed);
  }
}

TEST_CASE("5 March 2024 with failing log-ins is exactly one incident") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    is_one_incident("2024-03-05-login", at("2024-03-05T14:00:00Z"), 6h, seed);
  }
}

TEST_CASE("a partial outage for hours is one incident with one opening and one end") {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    CAPTURE(seed);
    Story story(
        probes_of({"whatsapp/media-upload", "whatsapp/message"}) + controls(),
        [](const detect::ProbeInfo& probe, WallTime when, Random& random) {
          const bool now = probe.component.function == "media-upload" && when >= kStart + 1h && when < kStart + 6h;
          return random.chance(now ? 0.3 : 0.003) ? failure() : ok();
        },
        seed);
    story.world.run_until(kStart + 10h);
    REQUIRE(story.incidents.size() == 1);
    CHECK(story.incidents.begin()->second.state == IncidentState::resolved);
    CHECK(story.incidents.begin()->second.components.size() == 1);
    CHECK(story.count(IncidentId{1}, AnnouncementKind::opened) == 1);
    CHECK(story.count(IncidentId{1}, AnnouncementKind::resolved) == 1);
  }
}

TEST_CASE("an expired token and a captcha and our own network are no incident") {
  Story story(twelve_probes() + controls(), [](const detect::ProbeInfo& probe, WallTime when, Random&) {
    const auto hour = (when - kStart) / 1h;
    if (hour == 2 && probe.component.platform == "facebook") return our_fault("token_expired");
    if (hour == 4 && !is_control(probe)) return blocked();
    if (hour == 6) return time_out();
    return ok();
  });
  story.world.run_until(kStart + 9h);
  CHECK(story.incidents.empty());
  CHECK(story.announcements.empty());
  CHECK(story.world.of_problems().size() > 12);
  CHECK(story.world.of_site().size() == 2);
}

TEST_CASE("a clock that steps during an incident neither splits it nor tells it twice") {
  for (const Micros step : {Micros{2h}, Micros{-2h}}) {
    CAPTURE(step.count());
    Story story(probes_of({"whatsapp/login"}) + controls(), [](const detect::ProbeInfo& probe, WallTime when, Random&) {
      return !is_control(probe) && when >= kStart + 1h && when < kStart + 2h ? failure() : ok();
    });
    story.world.run_until(kStart + 90min);
    story.world.clock_error = step;
    story.world.run_until(kStart + 4h);
    CHECK(story.incidents.size() == 1);
    CHECK(story.incidents.begin()->second.state == IncidentState::resolved);
    CHECK(story.announcements.size() == 2);
  }
}
