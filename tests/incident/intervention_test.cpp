// What people say and decide about an incident.
#include <doctest/doctest.h>

#include "incident/findings.hpp"
#include "incident/timeline.hpp"

using namespace outaged;
using namespace outaged::test;
using namespace outaged::incident;

namespace {

constexpr auto kUpload = "whatsapp/media-upload";

Intervention said(InterventionKind kind, const std::string& text = {}, std::int64_t id = 1) {
  return {IncidentId{id}, kind, "alice", text};
}

/// A ledger with one incident that has been announced.
Ledger with_open_incident() {
  auto book = ledger();
  (void)book.apply(opened(kUpload, kNoon));
  (void)book.advance(kNoon + 10min);
  REQUIRE(book.open().size() == 1);
  REQUIRE(is_announced(book.open()[0]));
  return book;
}

Incident resolved_incident(Ledger& book) {
  auto effects = book.intervene(said(InterventionKind::resolve, "seen enough"), kNoon + 20min);
  REQUIRE(effects.has_value());
  return effects->changed.front();
}

}  // namespace

TEST_CASE("a remark is an entry of the timeline of its component's incident and is told to nobody") {
  auto book = with_open_incident();
  const auto effects = book.remark(component(kUpload), "3 user reports.", kNoon + 15min);
  REQUIRE(effects.changed.size() == 1);
  CHECK(effects.changed[0].timeline.back() ==
        Update{kNoon + 15min, UpdateKind::note, effects.changed[0].state, "3 user reports."});
  CHECK(effects.announcements.empty());
  CHECK(book.remark(component("facebook/login"), "3 user reports.", kNoon + 15min).changed.empty());
}

TEST_CASE("a note and a hypothesis and the vendor's word are entries of the timeline and are told") {
  auto book = with_open_incident();
  for (const auto& [kind, entry] : {std::pair{InterventionKind::note, UpdateKind::note},
                                    std::pair{InterventionKind::hypothesis, UpdateKind::hypothesis},
                                    std::pair{InterventionKind::vendor, UpdateKind::vendor}}) {
    const auto effects = book.intervene(said(kind, "the CDN is to blame"), kNoon + 15min);
    REQUIRE(effects.has_value());
    REQUIRE(effects->changed.size() == 1);
    const auto& last = effects->changed[0].timeline.back();
    CHECK(last.kind == entry);
    CHECK(last.text.find("the CDN is to blame") != std::string::npos);
    REQUIRE(effects->announcements.size() == 1);
    CHECK(effects->announcements[0].kind == AnnouncementKind::updated);
  }
}

TEST_CASE("an incident is acknowledged once and by somebody") {
  auto book = with_open_incident();
  const auto effects = book.intervene(said(InterventionKind::acknowledge), kNoon + 11min);
  REQUIRE(effects.has_value());
  CHECK(effects->changed[0].timeline.back().text == "Acknowledged by alice.");
  const auto again = book.intervene(said(InterventionKind::acknowledge), kNoon + 12min);
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error() == "This incident is acknowledged already.");
}

TEST_CASE("before the opening is told nothing that people say is told") {
  auto book = ledger();
  (void)book.apply(opened(kUpload, kNoon));
  REQUIRE_FALSE(is_announced(book.open()[0]));
  const auto effects = book.intervene(said(InterventionKind::note, "early"), kNoon + 1s);
  REQUIRE(effects.has_value());
  CHECK(effects->announcements.empty());
}

TEST_CASE("a person can close an incident and the probes keep their opinion") {
  auto book = with_open_incident();
  const auto closed = resolved_incident(book);
  CHECK(closed.state == IncidentState::resolved);
  CHECK(closed.resolved_at == kNoon + 20min);
  CHECK(closed.components[0].state == ComponentState::major_outage);
  CHECK(closed.timeline.back().text == "Resolved by alice: seen enough");
  CHECK(book.open().empty());
  CHECK_FALSE(book.intervene(said(InterventionKind::note, "late"), kNoon + 21min).has_value());
}

TEST_CASE("a reopened incident stays open until a person resolves it, also over a restart") {
  auto book = with_open_incident();
  auto closed = resolved_incident(book);
  const auto effects = book.reopen(closed, said(InterventionKind::reopen, "not over"), kNoon + 30min);
  REQUIRE(effects.has_value());
  const auto again = effects->changed.front();
  CHECK_FALSE(again.resolved_at.has_value());
  CHECK(again.state == IncidentState::identified);
  CHECK(again.timeline.back().kind == UpdateKind::reopened);

  auto restarted = ledger();
  std::vector<detect::Belief> healthy;
  for (const auto& id : watched()) {
    detect::Belief belief;
    belief.component = id;
    belief.state = ComponentState::operational;
    healthy.push_back(belief);
  }
  restarted.restore({again}, healthy, {});
  (void)restarted.advance(kNoon + 1h);
  REQUIRE(restarted.open().size() == 1);
  CHECK(restarted.intervene(said(InterventionKind::resolve), kNoon + 2h).has_value());
  CHECK(restarted.open().empty());
}

TEST_CASE("an open incident is not reopened and one whose component fails elsewhere neither") {
  auto book = with_open_incident();
  CHECK_FALSE(book.intervene(said(InterventionKind::reopen), kNoon + 11min).has_value());
  const auto closed = resolved_incident(book);
  (void)book.apply(finding(kUpload, detect::Turn::changed, kNoon + 25min));
  REQUIRE(book.open().size() == 1);
  const auto refused = book.reopen(closed, said(InterventionKind::reopen), kNoon + 30min);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error() == "Media upload on WhatsApp is part of incident 2 now.");
}
