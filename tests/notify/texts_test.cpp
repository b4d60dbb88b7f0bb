#include "notify/texts.hpp"

#include <doctest/doctest.h>

#include "july_2019.hpp"

using namespace outaged;
using namespace outaged::notify;
using incident::AnnouncementKind;
using test::kSent;

namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;
using Lines = std::vector<std::string>;

Wording wording_of(const incident::Incident& incident, AnnouncementKind kind) {
  return say(compose(incident, kind, test::july_2019_context()), english(), kSent);
}
}  // namespace

TEST_CASE("the opening message of 3 July 2019 in words") {
  const auto wording = wording_of(test::july_2019(), AnnouncementKind::opened);
  CHECK(wording.mark == "\U0001F7E0");
  CHECK(wording.headline == "Media upload and media download fail on WhatsApp, Instagram and Facebook");
  CHECK(wording.paragraphs == Lines{"About 31 % of attempts fail now; it began at 13:04 UTC. The media tier answers "
                                    "HTTP 5xx. Messages and log-in "
                                    "work."});
  CHECK(
      wording.points ==
      Lines{"WhatsApp, sending photos, videos and files: 31 % of attempts fail; its servers answer with errors (HTTP)",
            "WhatsApp, opening photos, videos and files: 28 % of attempts fail; no answer comes in time",
            "Facebook, sending photos, videos and files: all attempts fail; its servers answer with errors (HTTP)"});
  CHECK(wording.facts == Facts{{"Since", "2019-07-03 13:04 UTC"},
                               {"Noticed", "2019-07-03 13:09 UTC"},
                               {"Severity", "major"},
                               {"At worst", "all attempts failed"},
                               {"Still works", "Facebook: logging in; WhatsApp: logging in, sending messages"},
                               {"Our own network", "fine: 4 of 4 other sites answer"}});
  CHECK(wording.link == "https://status.example.org/incidents/12");
  CHECK(wording.footer == "Incident 12, message 12-opened-1 \u00B7 seen from milan \u00B7 sent 2019-07-03 13:10 UTC");
}

TEST_CASE("the closing message of 3 July 2019 in words") {
  const auto wording = wording_of(test::july_2019_resolved(), AnnouncementKind::resolved);
  CHECK(wording.mark == "\U0001F7E2");
  CHECK(wording.headline == "Over: Media upload and media download fail on WhatsApp, Instagram and Facebook");
  CHECK(wording.points[0] == "WhatsApp, sending photos, videos and files: at worst 66 % of attempts failed");
  CHECK(wording.facts == Facts{{"Since", "2019-07-03 13:04 UTC"},
                               {"Until", "2019-07-03 22:10 UTC"},
                               {"Lasted", "9h 6m"},
                               {"Noticed", "2019-07-03 13:09 UTC"},
                               {"Severity", "major"},
                               {"At worst", "all attempts failed"},
                               {"Our own network", "fine: 4 of 4 other sites answer"}});
}

TEST_CASE("an update begins with what is new") {
  auto incident = test::july_2019();
  incident.timeline.push_back(
      {test::utc("2019-07-03T15:00:00Z"), incident::UpdateKind::severity, incident.state, "Now critical."});
  incident.components[1].state = ComponentState::operational;
  const auto wording = wording_of(incident, AnnouncementKind::updated);
  CHECK(wording.headline.starts_with("Update: "));
  REQUIRE(wording.paragraphs.size() == 2);
  CHECK(wording.paragraphs[0] == "Now critical.");
  CHECK(wording.points[1] == "WhatsApp, opening photos, videos and files: works again");
}

TEST_CASE("a test message says that nothing needs to be done") {
  const auto wording = say(test_message(test::july_2019_context()), english(), kSent);
  CHECK(wording.headline == "Test message from milan");
  CHECK(wording.paragraphs == Lines{"This channel works. Nothing is wrong and nothing needs to be done."});
  CHECK(wording.footer == "seen from milan \u00B7 sent 2019-07-03 13:10 UTC");
}

TEST_CASE("shares are never rounded to none or all") {
  const auto& texts = english();
  CHECK(texts.attempts_fail(0.004) == "fewer than 1 % of attempts fail");
  CHECK(texts.attempts_fail(0.006) == "1 % of attempts fail");
  CHECK(texts.attempts_fail(0.305) == "31 % of attempts fail");
  CHECK(texts.attempts_fail(0.999) == "99 % of attempts fail");
  CHECK(texts.attempts_fail(1) == "all attempts fail");
}

TEST_CASE("every layer and state has words of its own") {
  const auto& texts = english();
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i < enum_names<Layer>().size(); ++i) seen.push_back(texts.layer(static_cast<Layer>(i)));
  for (std::size_t i = 0; i < enum_names<ComponentState>().size(); ++i)
    seen.push_back(texts.state(static_cast<ComponentState>(i)));
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK_FALSE(seen[i].empty());
    for (std::size_t j = 0; j < i; ++j) CHECK(seen[i] != seen[j]);
  }
}

TEST_CASE("a component without a share is told by its state and names of the user's own are kept") {
  Message message;
  message.affected = {{{"bakery", "order-page"}, ComponentState::degraded_performance, 0, 0, std::nullopt}};
  CHECK(say(message, english(), kSent).points == Lines{"bakery, order page: slow"});
}

TEST_CASE("our own network in doubt is said plainly") {
  Message message;
  message.own_network = OwnNetwork{false, 4, 4};
  const auto facts = say(message, english(), kSent).facts;
  REQUIRE_FALSE(facts.empty());
  CHECK(facts.back().second == "in doubt: other sites do not answer us either");
}

TEST_CASE("a long list of components is counted rather than listed") {
  Message message;
  message.affected.resize(40, {{"whatsapp", "message"}, ComponentState::major_outage, 1, 1, std::nullopt});
  const auto points = say(message, english(), kSent).points;
  REQUIRE(points.size() == 16);
  CHECK(points.back() == "and 25 more");
}

TEST_CASE("control characters and lines in a title stay in one printable line") {
  Message message;
  message.title = "one\ntwo\x1B[31m\tthree\x07";
  CHECK(say(message, english(), kSent).headline == "one two [31m three ");
}
