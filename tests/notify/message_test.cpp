#include "notify/message.hpp"

#include <doctest/doctest.h>

#include "july_2019.hpp"

using namespace outaged;
using namespace outaged::notify;
using incident::AnnouncementKind;

TEST_CASE("a message keeps the facts of the incident it tells of") {
  const auto message = compose(test::july_2019(), AnnouncementKind::opened, test::july_2019_context());
  CHECK(message.kind == MessageKind::opened);
  CHECK(message.incident == IncidentId{12});
  CHECK(message.reference == "12-opened-1");
  CHECK(message.site == "milan");
  CHECK(message.severity == Severity::major);
  CHECK(message.onset == test::utc("2019-07-03T13:04:10Z"));
  CHECK(message.detected == test::utc("2019-07-03T13:09:30Z"));
  CHECK_FALSE(message.ended);
  CHECK(message.changes.empty());
  REQUIRE(message.affected.size() == 3);
  CHECK(message.affected[1].component == ComponentId{"whatsapp", "media-download"});
  CHECK(message.affected[1].layer == Layer::timeout);
  CHECK(message.worst_share() == 1.0);
  CHECK(message.link == "https://status.example.org/incidents/12");
}

TEST_CASE("what still works names the platforms concerned and nothing that fails") {
  const auto message = compose(test::july_2019(), AnnouncementKind::opened, test::july_2019_context());
  const std::vector<ComponentId> expected = {{"facebook", "login"}, {"whatsapp", "login"}, {"whatsapp", "message"}};
  CHECK(message.working == expected);
}

TEST_CASE("an update says what the last entries of the timeline say") {
  auto incident = test::july_2019();
  const auto at = test::utc("2019-07-03T15:00:00Z");
  incident.timeline.push_back({at, incident::UpdateKind::severity, incident.state, "Now critical."});
  incident.timeline.push_back({at, incident::UpdateKind::joined, incident.state, "Instagram joins."});
  const auto message = compose(incident, AnnouncementKind::updated, {});
  CHECK(message.changes == std::vector<Change>{{incident::UpdateKind::severity, "Now critical."},
                                               {incident::UpdateKind::joined, "Instagram joins."}});
  CHECK(message.reference == "12-updated-3");
}

TEST_CASE("a resolved incident is told with its worst severity and its last bad result") {
  const auto message = compose(test::july_2019_resolved(), AnnouncementKind::resolved, {});
  CHECK(message.severity == Severity::major);
  CHECK(message.ended == test::utc("2019-07-03T22:10:40Z"));
  auto without_recovery = test::july_2019_resolved();
  without_recovery.recovery.reset();
  CHECK(compose(without_recovery, AnnouncementKind::resolved, {}).ended == test::utc("2019-07-03T22:25:40Z"));
}

TEST_CASE("announcements of one incident have different references and a repeat has the same") {
  const auto opened = test::july_2019();
  const auto closed = test::july_2019_resolved();
  CHECK(reference_of(opened, MessageKind::opened) == reference_of(opened, MessageKind::opened));
  CHECK(reference_of(opened, MessageKind::opened) != reference_of(opened, MessageKind::updated));
  CHECK(reference_of(opened, MessageKind::resolved) != reference_of(closed, MessageKind::resolved));
}

TEST_CASE("a payload reads back as the same message") {
  for (const auto kind : {AnnouncementKind::opened, AnnouncementKind::updated, AnnouncementKind::resolved}) {
    const auto message = compose(test::july_2019_resolved(), kind, test::july_2019_context());
    const auto back = from_payload(to_payload(message));
    REQUIRE(back.has_value());
    CHECK(*back == message);
  }
  const auto test_again = from_payload(to_payload(test_message({})));
  REQUIRE(test_again.has_value());
  CHECK(*test_again == test_message({}));
}

TEST_CASE("a payload has the documented form") {
  Message message;
  message.reference = "3-opened-1";
  message.incident = {3};
  message.site = "milan";
  message.title = "t";
  message.onset = test::utc("2019-07-03T13:04:10.250Z");
  message.affected = {{{"whatsapp", "message"}, ComponentState::major_outage, 0.5, 0.75, Layer::dns}};
  CHECK(
      to_payload(message) ==
      R"({"acknowledge_link":"","acknowledged":"","affected":[{"component":"whatsapp/message","layer":"dns","share":0.5,"state":"major_outage",)"
      R"("worst_share":0.75}],"changes":[],"diagnosis":"","incident":3,"kind":"opened","lines":[],"link":"",)"
      R"("onset":"2019-07-03T13:04:10.250Z","reference":"3-opened-1","severity":"minor","site":"milan",)"
      R"("title":"t","vendor":"","working":[]})");
}

TEST_CASE("bytes that are not UTF-8 do not keep a message from being written") {
  Message message;
  message.title = "broken \xFF\xFE text";
  const auto back = from_payload(to_payload(message));
  REQUIRE(back.has_value());
  CHECK(back->title == "broken \xEF\xBF\xBD\xEF\xBF\xBD text");
}

TEST_CASE("a damaged payload is refused with a reason") {
  for (const char* payload : {"", "{", "[]", "{}", R"({"kind":"shouted","reference":"x","incident":1})",
                              R"({"kind":"test","reference":"x","incident":0,"affected":[{"component":"no slash"}]})",
                              R"({"kind":"test","reference":"x","incident":0,"onset":"yesterday"})"}) {
    CAPTURE(payload);
    const auto message = from_payload(payload);
    CHECK_FALSE(message.has_value());
    if (!message) CHECK_FALSE(message.error().empty());
  }
}
