#include "notify/announcer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/json/parse.hpp"
#include "incident/wording.hpp"
#include "july_2019.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;
using incident::AnnouncementKind;
using incident::UpdateKind;

namespace {

const auto kOpened = test::utc("2019-07-03T13:10:00Z");
using Lines = std::vector<std::string>;

Settings channels() {
  Settings settings;
  for (const char* name : {"boss", "phone", "team"}) settings[name] = {};
  return settings;
}

Routes routes(const std::string& text) {
  json::Faults faults;
  const json::Cursor cursor{"routes", faults};
  const auto parsed = json::parse_file_text(text, "routes");
  REQUIRE(parsed);
  const auto read = routes_shape().read(*parsed, cursor);
  if (!read) FAIL(json::to_string(faults.front()));
  return *read;
}

/// An incident, an announcer and what it wrote: "team:12-opened-2".
struct Story {
  explicit Story(const std::string& text = "[]") : announcer(routes(text), channels(), "milan") {
    incident = test::july_2019();
    incident.opened_at = kOpened;
    incident.onset = kOpened - 1min;
    say(UpdateKind::diagnosis, kOpened);
  }

  void say(UpdateKind kind, WallTime at, const std::string& text = "Something.") {
    incident.timeline.push_back({at, kind, incident.state, text});
  }
  Lines review(WallTime now, std::optional<AnnouncementKind> news = std::nullopt) {
    rows = announcer.review(incident, news, test::july_2019_context(), now);
    Lines out;
    for (const auto& row : rows) {
      out.push_back(row.channel + ":" + row.reference);
      store::OutboxEntry entry;
      entry.incident = row.incident;
      entry.channel = row.channel;
      entry.kind = row.kind;
      entry.reference = row.reference;
      entry.created = row.created;
      entry.told = row.told;
      outbox.push_back(entry);
    }
    return out;
  }
  Message message(std::size_t row = 0) const { return from_payload(rows.at(row).payload).value(); }

  Announcer announcer;
  incident::Incident incident;
  std::vector<store::OutboxMessage> rows;
  std::vector<store::OutboxEntry> outbox;
};

}  // namespace

TEST_CASE("without routes every channel is told once of the opening and once of the end") {
  Story story;
  CHECK(story.review(kOpened, AnnouncementKind::opened) ==
        Lines{"boss:12-opened-2", "phone:12-opened-2", "team:12-opened-2"});
  CHECK(story.message().next_update == story.incident.onset + 1h);
  CHECK(story.review(kOpened + 1min).empty());
  story.incident.state = IncidentState::resolved;
  story.incident.resolved_at = kOpened + 30min;
  story.say(UpdateKind::resolved, kOpened + 30min);
  CHECK(story.review(kOpened + 30min, AnnouncementKind::resolved) ==
        Lines{"boss:12-resolved-3", "phone:12-resolved-3", "team:12-resolved-3"});
}

TEST_CASE("what changes within a moment comes as one update, and not again") {
  Story story(R"([{"channels": ["team"]}])");
  story.review(kOpened, AnnouncementKind::opened);
  story.say(UpdateKind::joined, kOpened + 11min, "Log-in joined.");
  CHECK(story.review(kOpened + 11min).empty());
  story.say(UpdateKind::joined, kOpened + 11min + 10s, "Messages joined.");
  story.say(UpdateKind::monitoring, kOpened + 11min + 10s, "Quiet.");
  CHECK(story.review(kOpened + 12min) == Lines{"team:12-updated-5"});
  CHECK(story.message().changes ==
        std::vector<Change>{{UpdateKind::joined, "Log-in joined."}, {UpdateKind::joined, "Messages joined."}});
  CHECK(story.review(kOpened + 13min).empty());
  // A rise in severity is told at once, however short ago the last message was.
  story.say(UpdateKind::severity, kOpened + 14min, "Worse.");
  CHECK(story.review(kOpened + 14min, AnnouncementKind::updated) == Lines{"team:12-updated-6"});
}

TEST_CASE("an update says what is new about the diagnosis, never an older diagnosis, and nothing of mere shares") {
  Story story(R"([{"channels": ["team"]}])");
  story.review(kOpened, AnnouncementKind::opened);
  const auto say = [&](std::string_view news, const char* diagnosis, WallTime at) {
    story.incident.diagnosis = diagnosis;
    story.say(UpdateKind::diagnosis, at, fmt::format("{} {}", news, diagnosis));
  };
  say(incident::kMoreWords, "About 60 % of attempts fail now; it began at 14:02 UTC.", kOpened + 20min);
  CHECK(story.review(kOpened + 40min).empty());
  say(incident::kNewPatternWords, "47 of 64 failures are of DNS (names gone).", kOpened + 41min);
  story.incident.diagnosis = "49 of 65 failures are of DNS (names gone).";
  CHECK(story.review(kOpened + 45min).size() == 1);
  CHECK(story.message().diagnosis == story.incident.diagnosis);
  CHECK(story.message().changes ==
        std::vector<Change>{{UpdateKind::diagnosis, std::string{incident::kNewPatternWords}}});
}

TEST_CASE("an announcement of what a channel was told of already brings no message without news") {
  Story story(R"([{"channels": ["team"]}])");
  story.review(kOpened, AnnouncementKind::opened);
  // The vendor's word comes at once and takes along that it grew graver; the pause between two updates ends later.
  story.say(UpdateKind::severity, kOpened + 11min, "Severity rises from major to critical.");
  story.say(UpdateKind::vendor, kOpened + 12min, "Meta admits it.");
  CHECK(story.review(kOpened + 12min, AnnouncementKind::updated).size() == 1);
  story.say(UpdateKind::diagnosis, kOpened + 22min, story.incident.diagnosis);
  CHECK(story.review(kOpened + 22min, AnnouncementKind::updated).empty());
  CHECK(story.review(kOpened + 40min).empty());
}

TEST_CASE("an outage that lasts is recalled after 1, 4, 12 hours and then daily") {
  Story story(R"([{"channels": ["team"]}])");
  story.review(kOpened, AnnouncementKind::opened);
  Lines said;
  for (Micros time{0}; time <= 50h; time += 1min) {
    for (auto& line : story.review(kOpened + time)) said.push_back(std::move(line));
  }
  CHECK(said == Lines{"team:12-reminder-1h", "team:12-reminder-4h", "team:12-reminder-12h", "team:12-reminder-1d",
                      "team:12-reminder-2d"});
}

TEST_CASE("quiet hours let small things wait, and drop what is over by then") {
  const char* text = R"([{"channels": ["team"], "quiet": {"from": "22:00", "to": "07:00", "zone": "Europe/Rome"}}])";
  const auto night = test::utc("2019-07-03T23:00:00Z");
  const auto morning = test::utc("2019-07-04T05:00:00Z");  // 07:00 in Rome
  Story story(text);
  story.incident.severity = Severity::minor;
  CHECK(story.review(night, AnnouncementKind::opened).empty());
  CHECK(story.review(morning - 1min).empty());
  SUBCASE("it lasts until the morning") {
    CHECK(story.review(morning) == Lines{"team:12-opened-2"});
  }
  SUBCASE("it grows worse in the night") {
    story.incident.severity = Severity::major;
    CHECK(story.review(night + 1h) == Lines{"team:12-opened-2"});
  }
  SUBCASE("it is over before") {
    story.incident.state = IncidentState::resolved;
    CHECK(story.review(morning - 1min, AnnouncementKind::resolved).empty());
    CHECK(story.review(morning).empty());
  }
}

TEST_CASE("a silence stops messages, and what still lasts at its end is told then") {
  Story story(R"([{"channels": ["team"]}])");
  const store::Silence all{0, {}, kOpened - 1h, kOpened + 2h, "", ""};
  REQUIRE(story.announcer.calendar().add(all, kOpened - 1h));
  CHECK(story.review(kOpened, AnnouncementKind::opened).empty());
  CHECK(story.review(kOpened + 2h - 1s).empty());
  CHECK(story.review(kOpened + 2h) == Lines{"team:12-opened-2"});
  CHECK(story.review(kOpened + 2h + 1min).empty());
}

TEST_CASE("a silence of some components leaves the others heard, and the end is told in any case") {
  Story story(R"([{"channels": ["team"]}])");
  REQUIRE(story.announcer.calendar().add({0, parse_pattern("whatsapp/*").value(), kOpened - 1h, kOpened + 2h, "", ""},
                                         kOpened - 1h));
  CHECK(story.review(kOpened, AnnouncementKind::opened) == Lines{"team:12-opened-2"});
  REQUIRE(story.announcer.calendar().add({0, {}, kOpened, kOpened + 2h, "", ""}, kOpened));
  story.say(UpdateKind::severity, kOpened + 20min);
  CHECK(story.review(kOpened + 20min, AnnouncementKind::updated).empty());
  story.incident.state = IncidentState::resolved;
  story.say(UpdateKind::resolved, kOpened + 30min);
  CHECK(story.review(kOpened + 30min, AnnouncementKind::resolved) == Lines{"team:12-resolved-4"});
}

TEST_CASE("whom nobody answers escalates once, unless somebody has acknowledged") {
  const char* text = R"([{"channels": ["team"], "escalate": {"after": "15m", "channels": ["boss"]}}])";
  Story story(text);
  story.review(kOpened, AnnouncementKind::opened);
  CHECK(story.review(kOpened + 14min).empty());
  SUBCASE("nobody") {
    CHECK(story.review(kOpened + 15min) == Lines{"boss:12-opened-2"});
    CHECK(story.message().changes.front().text == "Nobody has acknowledged this for 15m.");
    CHECK(story.review(kOpened + 16min).empty());
  }
  SUBCASE("somebody") {
    story.say(UpdateKind::acknowledged, kOpened + 14min, "Ann is on it.");
    CHECK(story.review(kOpened + 15min).empty());
  }
}

TEST_CASE("a restart neither repeats nor forgets") {
  const char* text = R"([{"channels": ["team"]}])";
  Story story(text);
  story.review(kOpened, AnnouncementKind::opened);
  story.review(kOpened + 70min);  // the reminder of one hour
  story.say(UpdateKind::joined, kOpened + 80min, "Log-in joined.");
  Story again(text);
  again.incident = story.incident;
  again.announcer.restore(story.outbox);
  CHECK(again.review(kOpened + 80min).empty());
  CHECK(again.review(kOpened + 85min) == Lines{"team:12-updated-3"});
  CHECK(again.review(kOpened + 90min).empty());
}

TEST_CASE("routes choose by platform, severity and time of the week") {
  Story story(R"([{"channels": ["team"], "platforms": ["instagram"]},
                  {"channels": ["boss"], "severity": "critical"},
                  {"channels": ["phone"], "during": {"days": ["sat"], "from": "00:00", "to": "24:00"}}])");
  CHECK(story.review(kOpened, AnnouncementKind::opened).empty());  // a Wednesday; WhatsApp and Facebook; major
  story.incident.severity = Severity::critical;
  CHECK(story.review(kOpened + 1min) == Lines{"boss:12-opened-2"});
  CHECK(story.review(test::utc("2019-07-06T00:00:00Z")).back() == "phone:12-opened-2");
}

TEST_CASE("twelve components of three platforms that fail with one cause make one message per channel") {
  Story story;
  story.incident.components.clear();
  for (const char* platform : {"whatsapp", "instagram", "facebook"}) {
    for (int i = 0; i < 12; ++i)
      story.incident.components.push_back(
          test::part((std::string{platform} + "/part-" + std::to_string(i)).c_str(), 1, 1, Layer::http));
  }
  CHECK(story.review(kOpened, AnnouncementKind::opened).size() == 3);
  CHECK(story.message().affected.size() == 36);
}

TEST_CASE("what fails and recovers every five minutes for six hours makes at most nine messages per channel") {
  Story story(R"([{"channels": ["team"]}])");
  std::size_t messages = story.review(kOpened, AnnouncementKind::opened).size();
  for (WallTime now = kOpened + 30s; now < kOpened + 6h; now += 30s) {
    const auto minute = std::chrono::floor<std::chrono::minutes>(now - kOpened);
    const bool turn = now - kOpened == minute && minute % 5min == 0min;
    if (turn) story.say(minute % 10min == 0min ? UpdateKind::relapsed : UpdateKind::recovered, now);
    messages += story.review(now).size();
  }
  CHECK(messages >= 5);
  CHECK(messages <= 8);
  story.incident.state = IncidentState::resolved;
  CHECK(story.review(kOpened + 6h, AnnouncementKind::resolved).size() == 1);
}

TEST_CASE("what happens to outaged itself goes where its routes say, but not to the channel it is about") {
  Announcer announcer(
      routes(R"([{"channels": ["team"]}, {"channels": ["phone", "boss"], "about": "channel problems"}])"), channels(),
      "milan");
  const auto message = notice("channel-boss-x", "boss is broken", "401", Severity::major, kOpened, {});
  CHECK(announcer.tell(Subject::site, message, kOpened).empty());
  const auto rows = announcer.tell(Subject::channel_problems, message, kOpened, "boss");
  REQUIRE(rows.size() == 1);
  CHECK(rows.front().channel == "phone");
}
