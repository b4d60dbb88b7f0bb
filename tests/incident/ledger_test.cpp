#include "incident/ledger.hpp"

#include <doctest/doctest.h>

#include "incident/findings.hpp"
#include "incident/wording.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace outaged::test;
using detect::Turn;
using Words = std::vector<std::string>;

namespace {

const WallTime kTold = kNoon + Settings{}.hold;

}  // namespace

TEST_CASE("an incident opens at once and is announced after the hold") {
  auto book = ledger();
  const auto effects = book.apply(opened("whatsapp/media-upload", kNoon));
  REQUIRE(effects.changed.size() == 1);
  CHECK(effects.announcements.empty());
  const Incident& one = effects.changed[0];
  CHECK(one.id == IncidentId{1});
  CHECK(one.state == IncidentState::investigating);
  CHECK(one.onset == kNoon - 60s);
  CHECK(one.opened_at == kNoon);
  CHECK(one.title == "Media upload fails on WhatsApp");
  CHECK(kinds_of(one) == Words{"detected"});
  REQUIRE(book.next_deadline() == kTold);
  CHECK(book.advance(kTold - 1ms).announcements.empty());
  const auto told = book.advance(kTold);
  CHECK(told.announcements == std::vector{Announcement{IncidentId{1}, AnnouncementKind::opened, kTold}});
  REQUIRE(told.changed.size() == 1);
  CHECK(told.changed[0].state == IncidentState::identified);
  CHECK(kinds_of(told.changed[0]) == Words{"detected", "diagnosis"});
  CHECK_FALSE(book.next_deadline());
  CHECK(book.advance(kTold + 1h).announcements.empty());
}

TEST_CASE("companions within the hold are in the one opening announcement") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon));
  book.apply(opened("instagram/media-upload", kNoon + 8s));
  book.apply(opened("facebook/media-upload", kNoon + 20s));
  const auto told = book.advance(kTold);
  REQUIRE(told.announcements.size() == 1);
  REQUIRE(told.changed.size() == 1);
  CHECK(told.changed[0].components.size() == 3);
  CHECK(told.changed[0].title == "Media upload fails on WhatsApp, Instagram and Facebook");
  CHECK(told.changed[0].shared_cause);
  CHECK(told.changed[0].severity == Severity::critical);
}

TEST_CASE("a late joiner is announced only when it makes the incident graver") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon));
  book.advance(kTold);
  SUBCASE("another function of the same platform") {
    book.apply(opened("whatsapp/login", kNoon + 5min, ComponentState::partial_outage));
    CHECK(book.advance(kNoon + 1h).announcements.empty());
    // With it, it is no longer the media tier alone.
    CHECK(kinds_of(book.open()[0]) == Words{"detected", "diagnosis", "joined", "diagnosis"});
  }
  SUBCASE("two more platforms") {
    book.apply(opened("instagram/message", kNoon + 5min));
    book.apply(opened("facebook/message", kNoon + 5min + 2s));
    const auto told = book.advance(kNoon + 12min);
    REQUIRE(told.announcements.size() == 1);
    CHECK(told.announcements[0].kind == AnnouncementKind::updated);
    CHECK(book.open()[0].severity == Severity::critical);
  }
  CHECK(book.open().size() == 1);
}

TEST_CASE("what grows graver step by step is told in one update") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon, ComponentState::partial_outage));
  REQUIRE(book.advance(kTold).announcements.size() == 1);
  book.apply(opened("instagram/media-upload", kNoon + 2min, ComponentState::partial_outage));
  CHECK(book.advance(kNoon + 4min).announcements.empty());
  book.apply(opened("facebook/message", kNoon + 5min));
  CHECK(book.next_deadline() == kTold + 10min);
  CHECK(book.advance(kTold + 10min - 1s).announcements.empty());
  const auto told = book.advance(kTold + 10min);
  REQUIRE(told.announcements.size() == 1);
  CHECK(told.announcements[0].kind == AnnouncementKind::updated);
  CHECK(told.changed[0].severity == Severity::critical);
  CHECK(book.advance(kNoon + 2h).announcements.empty());
}

TEST_CASE("a companion that fails soon after the end takes the incident up again, a stranger opens another") {
  const auto second = [](const std::string& id, Layer layer) {
    auto book = ledger();
    book.apply(opened("whatsapp/media-upload", kNoon));
    book.advance(kTold);
    book.apply(recovering("whatsapp/media-upload", kNoon + 30min));
    book.apply(recovered("whatsapp/media-upload", kNoon + 40min));
    REQUIRE(book.open().empty());
    book.apply(opened(id, kNoon + 70min, ComponentState::major_outage, layer));
    REQUIRE(book.open().size() == 1);
    return book.open()[0];
  };
  const auto again = second("instagram/media-upload", Layer::tcp);
  CHECK(again.id == IncidentId{1});
  CHECK(again.components.size() == 2);
  CHECK_FALSE(again.resolved_at.has_value());
  CHECK(second("whatsapp/message", Layer::http).id == IncidentId{1});
  CHECK(second("whatsapp/message", Layer::tcp).id == IncidentId{2});
  CHECK(second("facebook/login", Layer::http).id == IncidentId{2});
}

TEST_CASE("an incident goes through monitoring to resolved and both ends are told once") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon));
  book.apply(opened("instagram/media-upload", kNoon + 5s));
  book.advance(kTold);
  book.apply(recovering("whatsapp/media-upload", kNoon + 60min));
  CHECK(book.open()[0].state == IncidentState::identified);
  const auto quiet = book.apply(recovering("instagram/media-upload", kNoon + 61min));
  REQUIRE(quiet.changed.size() == 1);
  CHECK(quiet.announcements.empty());
  CHECK(quiet.changed[0].state == IncidentState::monitoring);
  CHECK(quiet.changed[0].monitoring_at == kNoon + 61min);
  book.apply(recovered("whatsapp/media-upload", kNoon + 65min));
  const auto over = book.apply(recovered("instagram/media-upload", kNoon + 66min));
  REQUIRE(over.changed.size() == 1);
  CHECK(over.announcements == std::vector{Announcement{IncidentId{1}, AnnouncementKind::resolved, kNoon + 66min}});
  const Incident& one = over.changed[0];
  CHECK(one.state == IncidentState::resolved);
  CHECK(one.resolved_at == kNoon + 66min);
  CHECK(one.recovery == kNoon + 66min - 5s);
  CHECK(kinds_of(one) == Words{"detected", "joined", "diagnosis", "monitoring", "recovered", "recovered", "resolved"});
  CHECK(book.open().empty());
  CHECK(book.next_id() == IncidentId{2});
}

TEST_CASE("what is over at once was not watched, what waits for others is watched from then on") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon));
  book.apply(opened("instagram/media-upload", kNoon + 5s));
  book.advance(kTold);
  book.apply(recovering("whatsapp/media-upload", kNoon + 60min));
  const auto last = book.apply(recovered("instagram/media-upload", kNoon + 61min));
  CHECK(last.changed.at(0).state == IncidentState::identified);
  SUBCASE("all at once") {
    const auto over = book.apply(recovered("whatsapp/media-upload", kNoon + 61min));
    CHECK(kinds_of(over.changed.at(0)) ==
          Words{"detected", "joined", "diagnosis", "recovered", "recovered", "resolved"});
  }
  SUBCASE("one after the other") {
    const auto over = book.apply(recovered("whatsapp/media-upload", kNoon + 66min));
    const Incident& one = over.changed.at(0);
    CHECK(kinds_of(one) ==
          Words{"detected", "joined", "diagnosis", "recovered", "monitoring", "recovered", "resolved"});
    CHECK(one.monitoring_at == kNoon + 61min);
  }
}

TEST_CASE("when the last that failed works again, nothing breaks elsewhere") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon, ComponentState::major_outage, Layer::http));
  book.apply(opened("whatsapp/media-download", kNoon + 5s, ComponentState::major_outage, Layer::http));
  book.apply(opened("whatsapp/login", kNoon + 6s, ComponentState::major_outage, Layer::tls));
  book.advance(kTold);
  for (const char* id : {"whatsapp/media-upload", "whatsapp/media-download", "whatsapp/login"})
    book.apply(recovering(id, kNoon + 1h));
  for (const auto& entry : book.open()[0].timeline)
    CHECK(entry.text.find("elsewhere now. Attempts") == std::string::npos);
}

TEST_CASE("a relapse returns to the same incident and is not announced") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  book.advance(kTold);
  book.apply(recovering("whatsapp/login", kNoon + 10min));
  CHECK(book.open()[0].state == IncidentState::monitoring);
  const auto again = book.apply(finding("whatsapp/login", Turn::relapsed, kNoon + 13min));
  CHECK(again.announcements.empty());
  REQUIRE(book.open().size() == 1);
  CHECK(book.open()[0].state == IncidentState::identified);
  CHECK_FALSE(book.open()[0].components[0].recovered_at);
  CHECK(book.open()[0].timeline.back().kind == UpdateKind::relapsed);
}

TEST_CASE("what comes back slow after it had failed is said to be slow") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  book.advance(kTold);
  book.apply(recovering("whatsapp/login", kNoon + 10min));
  std::string when;
  SUBCASE("while it was watched") {}
  SUBCASE("after it was over") {
    book.apply(recovered("whatsapp/login", kNoon + 15min));
    when = " after it was over";
  }
  book.apply(slow("whatsapp/login", kNoon + 20min));
  REQUIRE(book.open().size() == 1);
  const auto& timeline = book.open()[0].timeline;
  const auto again = std::ranges::find(timeline, UpdateKind::relapsed, &Update::kind);
  REQUIRE(again != timeline.end());
  CHECK(again->text.starts_with("Slow again" + when + ". Log-in on WhatsApp"));
  CHECK(
      book.open()[0].diagnosis.starts_with("Attempts failed from 11:59 UTC on; none fails now, but answers are slow."));
}

TEST_CASE("that less fails is told once of what comes back slow and that more fails when it does") {
  auto book = ledger();
  const std::vector<std::string> all{"whatsapp/login", "instagram/login", "facebook/login"};
  for (const auto& id : all) book.apply(opened(id, kNoon));
  book.advance(kTold);
  for (const auto& id : all) book.apply(recovering(id, kNoon + 10min));
  for (const auto& id : all) book.apply(recovered(id, kNoon + 15min));
  REQUIRE(book.open().empty());
  WallTime now = kNoon + 20min;
  for (const auto& id : all) {
    book.apply(slow(id, now));
    book.advance(now += 12min);
  }
  REQUIRE(book.open().size() == 1);
  const auto told = [&book](std::string_view news) {
    return std::ranges::count_if(book.open()[0].timeline,
                                 [news](const Update& one) { return one.text.starts_with(news); });
  };
  CHECK(told(kLessWords) <= 1);
  book.apply(finding("whatsapp/login", Turn::changed, now));
  book.advance(now + 12min);
  CHECK(told(kMoreWords) == 1);
  CHECK(told(kLessWords) <= 1);
}

TEST_CASE("where others had failed what is slow now is in the diagnosis") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  book.advance(kTold);
  book.apply(recovering("whatsapp/login", kNoon + 10min));
  book.apply(slow("instagram/login", kNoon + 11min));
  REQUIRE(book.open().size() == 1);
  REQUIRE(book.open()[0].components.size() == 2);
  CHECK(book.open()[0].diagnosis.find("none fails now, but answers are slow.") != std::string::npos);
}

TEST_CASE("what fails again soon after it was over takes its incident up again and says so") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  book.advance(kTold);
  book.apply(recovering("whatsapp/login", kNoon + 10min));
  const auto over = book.apply(recovered("whatsapp/login", kNoon + 15min));
  REQUIRE(over.changed.size() == 1);
  CHECK(book.open().empty());
  CHECK(book.lately().size() == 1);
  SUBCASE("within the window") {
    const auto again = book.apply(opened("whatsapp/login", kNoon + 40min));
    REQUIRE(book.open().size() == 1);
    CHECK(book.open()[0].id == IncidentId{1});
    CHECK_FALSE(book.open()[0].resolved_at);
    CHECK(book.next_id() == IncidentId{2});
    CHECK(again.announcements.size() == 1);
    CHECK(book.lately().empty());
  }
  SUBCASE("after the window it is another incident") {
    book.apply(opened("whatsapp/login", kNoon + 15min + Settings{}.relapse_window + 1min));
    REQUIRE(book.open().size() == 1);
    CHECK(book.open()[0].id == IncidentId{2});
  }
  SUBCASE("another component is another incident") {
    book.apply(opened("instagram/media-upload", kNoon + 40min));
    REQUIRE(book.open().size() == 1);
    CHECK(book.open()[0].id == IncidentId{2});
  }
}

TEST_CASE("the timeline names the pattern as soon as the evidence of the members together shows it") {
  auto book = ledger();
  const auto silent = [](const char* id, detect::Turn turn, Micros after, Layer layer) {
    return finding(id, turn, kNoon + after, ComponentState::major_outage, layer);
  };
  for (const char* id : {"whatsapp/message", "instagram/message", "facebook/message"})
    book.apply(silent(id, detect::Turn::opened, 0s, Layer::timeout));
  book.advance(kTold);
  CHECK(book.open()[0].timeline.back().text.find("names gone") == std::string::npos);
  // The layer of the incident changes with the second, but not all evidence does.
  for (const char* id : {"whatsapp/message", "instagram/message"}) {
    auto mixed = silent(id, detect::Turn::changed, 5min, Layer::dns);
    mixed.evidence.layers[Layer::timeout] = 3;
    book.apply(mixed);
  }
  CHECK(book.open()[0].timeline.back().text.find("names gone") == std::string::npos);
  for (const char* id : {"facebook/message", "whatsapp/message"}) {
    auto gone = silent(id, detect::Turn::changed, 7min, Layer::dns);
    gone.evidence.layers[Layer::dns] = 40;
    book.apply(gone);
  }
  CHECK(book.open()[0].timeline.back().kind == UpdateKind::diagnosis);
  CHECK(book.open()[0].timeline.back().text.find("(names gone)") != std::string::npos);
  const auto entries = book.open()[0].timeline.size();
  book.apply(silent("instagram/message", detect::Turn::changed, 9min, Layer::dns));
  CHECK(book.open()[0].timeline.size() == entries);
}

TEST_CASE("what comes and goes is named flapping") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  book.advance(kTold);
  for (int i = 1; i <= 3; ++i) {
    book.apply(recovering("whatsapp/login", kNoon + i * 20min));
    CHECK((book.open()[0].diagnosis.find("Flapping") != std::string::npos) == (i > 2));
    book.apply(finding("whatsapp/login", Turn::relapsed, kNoon + i * 20min + 5min));
  }
  CHECK(book.open()[0].diagnosis.find("Flapping: it has come back 3 times.") != std::string::npos);
}

TEST_CASE("the same opening found twice changes nothing but the evidence") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  book.apply(opened("whatsapp/login", kNoon + 3s));
  CHECK(book.open().size() == 1);
  CHECK(book.open()[0].components.size() == 1);
  CHECK(kinds_of(book.open()[0]) == Words{"detected"});
}

TEST_CASE("own sites never share an incident with platforms") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  book.apply(opened("own/web", kNoon + 1s));
  book.apply(opened("shop/web", kNoon + 2s));
  CHECK(book.open().size() == 3);
}

TEST_CASE("what has only the owner in common is another incident") {
  auto book = ledger();
  book.apply(opened("facebook/media-upload", kNoon, ComponentState::partial_outage, Layer::http));
  book.apply(opened("whatsapp/message", kNoon + 3h, ComponentState::major_outage, Layer::dns));
  CHECK(book.open().size() == 2);
}

TEST_CASE("what joins hours later by function platform or layer is the same incident") {
  const auto joined = opened("facebook/media-upload", kNoon, ComponentState::partial_outage, Layer::http);
  for (const auto& later : {opened("whatsapp/media-upload", kNoon + 3h, ComponentState::major_outage, Layer::content),
                            opened("facebook/login", kNoon + 3h, ComponentState::major_outage, Layer::api),
                            opened("instagram/message", kNoon + 3h, ComponentState::major_outage, Layer::http)}) {
    auto book = ledger();
    book.apply(joined);
    book.apply(later);
    CHECK(book.open().size() == 1);
  }
}

TEST_CASE("the loss of our own network is one timeline entry and neither closes nor escalates") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon, ComponentState::partial_outage));
  book.advance(kTold);
  const auto before = book.open()[0];
  const auto lost = book.apply(detect::SiteFinding{false, kNoon + 5min, kNoon + 4min, 3, 3});
  book.apply(finding("whatsapp/login", Turn::obscured, kNoon + 5min, ComponentState::unknown));
  CHECK(lost.announcements.empty());
  REQUIRE(book.open().size() == 1);
  const Incident& one = book.open()[0];
  CHECK(one.timeline.size() == before.timeline.size() + 1);
  CHECK(one.timeline.back().kind == UpdateKind::site);
  CHECK(one.state == before.state);
  CHECK(one.severity == before.severity);
  CHECK(one.components[0].state == ComponentState::unknown);
  CHECK(one.components[0].peak_state == ComponentState::partial_outage);
  book.apply(detect::SiteFinding{true, kNoon + 15min, kNoon + 15min, 0, 3});
  book.apply(finding("whatsapp/login", Turn::revealed, kNoon + 15min, ComponentState::partial_outage));
  CHECK(book.open()[0].components[0].state == ComponentState::partial_outage);
}

TEST_CASE("probe problems and our own network open no incident") {
  auto book = ledger();
  book.apply(detect::SiteFinding{false, kNoon, kNoon, 3, 3});
  book.apply(detect::ProbeProblem{ProbeId{"whatsapp.login"}, component("whatsapp/login"),
                                  detect::ProblemKind::credentials, true, kNoon, kNoon, "expired"});
  for (const auto& id : watched()) {
    book.apply(finding(to_string(id), Turn::obscured, kNoon, ComponentState::unknown));
  }
  CHECK(book.open().empty());
  CHECK_FALSE(book.next_deadline());
}

TEST_CASE("another layer later is a diagnosis on the timeline") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon, ComponentState::major_outage, Layer::timeout));
  book.advance(kTold);
  book.apply(finding("whatsapp/login", Turn::changed, kNoon + 10min, ComponentState::major_outage, Layer::dns));
  const Incident& one = book.open()[0];
  CHECK(one.layer == Layer::dns);
  CHECK(one.timeline.back().kind == UpdateKind::diagnosis);
  CHECK(one.timeline.back().text.find("DNS") != std::string::npos);
  CHECK(book.advance(kNoon + 1h).announcements.empty());
}

TEST_CASE("a pattern that was named is not named as new when it shows again") {
  auto book = ledger();
  const auto seen = [&book](Turn turn, WallTime at, Layer layer) {
    auto one = finding("whatsapp/message", turn, at, ComponentState::major_outage, Layer::dns);
    // Where most of it breaks is believed to be the same all the time.
    one.evidence.layers = {{layer, 3}};
    book.apply(one);
  };
  seen(Turn::opened, kNoon, Layer::dns);
  book.advance(kTold);
  REQUIRE(named_pattern(book.open()[0].diagnosis) == Pattern::names_gone);
  seen(Turn::changed, kNoon + 20min, Layer::timeout);
  REQUIRE_FALSE(named_pattern(book.open()[0].diagnosis));
  book.apply([] {
    auto fewer = finding("whatsapp/message", Turn::changed, kNoon + 25min, ComponentState::major_outage, Layer::dns);
    fewer.evidence.layers = {{Layer::timeout, 3}};
    fewer.evidence.attempts = 12;
    return fewer;
  }());
  REQUIRE(book.open()[0].timeline.back().text.starts_with(kLessWords));
  seen(Turn::changed, kNoon + 30min, Layer::dns);
  REQUIRE(named_pattern(book.open()[0].diagnosis) == Pattern::names_gone);
  CHECK(book.open()[0].timeline.back().text.starts_with(kMoreWords));
}

TEST_CASE("that more or less of it fails is on the timeline, and no message") {
  auto book = ledger();
  const auto seen = [](WallTime at, int failures) {
    auto one = finding("whatsapp/login", Turn::changed, at, ComponentState::partial_outage);
    one.evidence.attempts = 20;
    one.evidence.failures = failures;
    return one;
  };
  auto first = seen(kNoon, 5);
  first.turn = Turn::opened;
  book.apply(first);
  book.advance(kTold);
  const auto said = book.open()[0].timeline.size();
  book.apply(seen(kNoon + 10min, 8));
  CHECK(book.open()[0].timeline.size() == said);
  book.apply(seen(kNoon + 20min, 12));
  REQUIRE(book.open()[0].timeline.size() == said + 1);
  CHECK(book.open()[0].timeline.back().text.starts_with("More fails now. About 60 % of attempts fail now;"));
  book.apply(seen(kNoon + 30min, 3));
  REQUIRE(book.open()[0].timeline.size() == said + 2);
  CHECK(book.open()[0].timeline.back().text.starts_with("Less fails now. About 15 % of attempts fail now;"));
  CHECK(book.advance(kNoon + 1h).announcements.empty());
}

TEST_CASE("what is over before it was told is told whole") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  const auto over = book.apply(recovered("whatsapp/login", kNoon + 5s));
  REQUIRE(over.announcements.size() == 2);
  CHECK(over.announcements[0].kind == AnnouncementKind::opened);
  CHECK(over.announcements[1].kind == AnnouncementKind::resolved);
}

TEST_CASE("a clock that is set back does not hold an announcement for hours") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon));
  CHECK(book.advance(kNoon - 1h).announcements.size() == 1);
}

TEST_CASE("a turn for the better of a component in no incident changes nothing") {
  auto book = ledger();
  CHECK(book.apply(recovered("whatsapp/login", kNoon)).changed.empty());
  CHECK(book.apply(finding("nobody/knows", Turn::revealed, kNoon)).changed.empty());
}

TEST_CASE("a member that was said to work again and fails again is news") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon));
  book.apply(opened("whatsapp/login", kNoon + 5s));
  book.advance(kTold);
  book.apply(recovering("whatsapp/login", kNoon + 1h));
  book.apply(recovered("whatsapp/login", kNoon + 2h));
  book.advance(kNoon + 3h);
  book.apply(opened("whatsapp/login", kNoon + 20h));
  const auto& timeline = book.open()[0].timeline;
  CHECK(std::ranges::count(timeline, UpdateKind::relapsed, &Update::kind) == 1);
}

TEST_CASE("a member that cannot be asked any more is not said to work") {
  auto book = ledger();
  book.apply(opened("whatsapp/media-upload", kNoon));
  book.apply(opened("whatsapp/login", kNoon + 5s));
  book.advance(kTold);
  book.apply(finding("whatsapp/login", Turn::recovered, kNoon + 1h, ComponentState::unknown));
  const Incident& one = book.open()[0];
  const auto said = std::ranges::find(one.timeline, UpdateKind::recovered, &Update::kind);
  REQUIRE(said != one.timeline.end());
  CHECK(said->text == "Log-in on WhatsApp cannot be asked any more; it counts as over until it can.");
  CHECK(one.components[1].state == ComponentState::unknown);
}

TEST_CASE("sites of one's own share an incident only when they fail at the same time") {
  Ledger book{Settings{}, {component("own/blog"), component("own/shop"), component("own/wiki")}, IncidentId{1}};
  book.apply(opened("own/blog", kNoon));
  book.apply(opened("own/wiki", kNoon + 1min));
  CHECK(book.open().size() == 1);
  book.apply(opened("own/shop", kNoon + 30h));
  CHECK(book.open().size() == 2);
}

TEST_CASE("a graver state is told in time after the clock was set back") {
  auto book = ledger();
  book.apply(opened("whatsapp/login", kNoon, ComponentState::partial_outage));
  REQUIRE(book.advance(kTold).announcements.size() == 1);
  const WallTime back = kNoon - 3h;
  book.advance(back);
  book.apply(opened("instagram/message", back + 20min));
  book.apply(opened("facebook/message", back + 20min));
  CHECK(book.advance(back + 21min).announcements.size() == 1);
}

TEST_CASE("a slowness that has become usual ends its incident and says so") {
  auto book = ledger();
  const auto slowed = slow("whatsapp/message", kNoon);
  book.apply(slowed);
  book.advance(kTold);
  auto usual = finding("whatsapp/message", Turn::accustomed, kNoon + 24h, ComponentState::operational);
  usual.onset = slowed.onset;
  const auto over = book.apply(usual);
  REQUIRE(over.changed.size() == 1);
  const Incident& one = over.changed[0];
  CHECK(one.state == IncidentState::resolved);
  CHECK(kinds_of(one) == Words{"detected", "diagnosis", "recovered", "resolved"});
  CHECK(one.timeline[2].text == "Messages on WhatsApp: this has been its usual speed for 1d: taken as the new normal.");
  CHECK(one.diagnosis ==
        "Answers came late, none failed. It lasted 1d, from 11:59 to 11:59 UTC. It has not become quicker: taken as "
        "the new normal.");
  REQUIRE(over.announcements.size() == 1);
  CHECK(over.announcements[0].kind == AnnouncementKind::resolved);
}

TEST_CASE("what has become usual is told of one, and the incident goes on with the others") {
  auto book = ledger();
  book.apply(opened("whatsapp/message", kNoon, ComponentState::degraded_performance));
  book.apply(opened("whatsapp/login", kNoon + 2min));
  book.advance(kTold + 1h);
  book.apply(finding("whatsapp/message", Turn::accustomed, kNoon + 24h, ComponentState::operational));
  REQUIRE(book.open().size() == 1);
  CHECK(book.open()[0].timeline.back().text.ends_with("taken as the new normal."));
}
