#include "incident/wording.hpp"

#include <doctest/doctest.h>

#include "incident/findings.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace outaged::test;

namespace {

constexpr auto kSlow = ComponentState::degraded_performance;

/// Everything watched works but what the incident names.
Surroundings around(const Incident& incident) {
  Surroundings out;
  for (const auto& id : watched()) out.components[id] = ComponentState::operational;
  for (const auto& one : incident.components) out.components[one.id] = one.state;
  for (const auto& [id, state] : out.components) out.answered[id] = kNoon + 1s;
  return out;
}

std::string title_of(const std::vector<AffectedComponent>& components) {
  const auto one = incident_of(components);
  return title(one, around(one));
}

}  // namespace

TEST_CASE("titles say what fails and where") {
  CHECK(title_of({affected("whatsapp/media-upload")}) == "Media upload fails on WhatsApp");
  CHECK(title_of({affected("facebook/message")}) == "Messages fail on Facebook");
  CHECK(title_of({affected("facebook/media-upload"), affected("whatsapp/media-upload"),
                  affected("instagram/media-upload")}) == "Media upload fails on WhatsApp, Instagram and Facebook");
  CHECK(title_of({affected("facebook/media-upload"), affected("facebook/login")}) ==
        "Media upload and log-in fail on Facebook");
  CHECK(title_of({affected("facebook/message"), affected("facebook/media-upload"), affected("facebook/login")}) ==
        "Everything fails on Facebook");
  CHECK(title_of({affected("facebook/login", kSlow)}) == "Log-in is slow on Facebook");
  CHECK(title_of({affected("facebook/message", kSlow)}) == "Messages are slow on Facebook");
  // Beside an outage, what is only slow is not in the headline.
  CHECK(title_of({affected("facebook/login"), affected("facebook/media-upload", kSlow)}) == "Log-in fails on Facebook");
  CHECK(title_of({affected("my-shop/check-out")}) == "Check out fails on My shop");
  CHECK(title_of({affected("own/web")}) == "The web site fails on your own sites");
}

TEST_CASE("that the servers can still be found does not make less of an outage of everything") {
  const auto one =
      incident_of({affected("facebook/message"), affected("facebook/media-upload"), affected("facebook/login")});
  auto surroundings = around(one);
  surroundings.components[{"facebook", "dns"}] = ComponentState::operational;
  CHECK(title(one, surroundings) == "Everything fails on Facebook");
  surroundings.components[{"facebook", "feed-load"}] = ComponentState::operational;
  CHECK(title(one, surroundings) == "Media upload, messages and log-in fail on Facebook");
}

TEST_CASE("the diagnosis says share and layer and what works and how our network is") {
  const auto one = incident_of({affected("whatsapp/media-upload", ComponentState::partial_outage, 0.7),
                                affected("instagram/media-upload", ComponentState::partial_outage, 0.66)});
  CHECK(diagnosis(one, around(one)) ==
        "About 70 % of attempts fail now; it began at 12:00 UTC. The media tier answers with HTTP errors (HTTP 503). "
        "Still working: messages and log-in; everything on Facebook. Our own network is fine.");
}

TEST_CASE("what is not known to work is not claimed to work") {
  const auto one = incident_of({affected("whatsapp/media-upload")});
  auto surroundings = around(one);
  for (auto& [id, state] : surroundings.components) {
    if (state == ComponentState::operational) state = ComponentState::unknown;
  }
  CHECK(diagnosis(one, surroundings).find("working") == std::string::npos);
}

TEST_CASE("what has not answered since it began is not claimed to work") {
  const auto one = incident_of({affected("whatsapp/media-upload")});
  auto surroundings = around(one);
  CHECK(diagnosis(one, surroundings).find("Still working: messages and log-in; everything on") != std::string::npos);
  for (auto& [id, at] : surroundings.answered) {
    if (id.function != "login" || id.platform != "whatsapp") at = kNoon - 1s;
  }
  CHECK(diagnosis(one, surroundings).find("Still working: log-in. Our") != std::string::npos);
}

TEST_CASE("where everything fails, reaching the servers is no more than that") {
  const auto one =
      incident_of({affected("facebook/message"), affected("facebook/media-upload"), affected("facebook/login")});
  auto surroundings = around(one);
  surroundings.components[{"facebook", "edge"}] = ComponentState::operational;
  surroundings.answered[{"facebook", "edge"}] = kNoon + 1s;
  CHECK(title(one, surroundings) == "Everything fails on Facebook");
  CHECK(diagnosis(one, surroundings).find("Still working: nothing but reaching the servers;") != std::string::npos);
}

TEST_CASE("what answers again is told while the rest still fails") {
  auto one = incident_of({affected("facebook/message"), affected("facebook/media-upload"), affected("facebook/login")});
  one.components[0].recovered_at = kNoon + 5s;
  one.components[0].state = ComponentState::operational;
  auto surroundings = around(one);
  surroundings.components[{"facebook", "edge"}] = ComponentState::operational;
  surroundings.answered[{"facebook", "edge"}] = kNoon + 1s;
  const auto text = diagnosis(one, surroundings);
  CHECK(text.find("Still working: reaching the servers;") != std::string::npos);
  CHECK(text.find("Working again: messages.") != std::string::npos);
}

TEST_CASE("where everything fails only now and then, the title says so, also when it is over") {
  const auto major = ComponentState::major_outage;
  auto one = incident_of({affected("facebook/message", major, 0.3), affected("facebook/media-upload", major, 0.3),
                          affected("facebook/login", major, 0.3)});
  one.title = title(one, around(one));
  CHECK(one.title == "Everything fails at times on Facebook");
  for (auto& member : one.components) member.recovered_at = kNoon + 1h;
  CHECK(title(one, around(one)) == one.title);
}

TEST_CASE("failures are counted since the time from which on they are") {
  auto found = opened("whatsapp/login", kNoon);
  found.onset = kNoon - 3h;
  found.evidence.since = kNoon - 10min;
  CHECK(evidence_line(found) == "Log-in on WhatsApp: 3 of 4 attempts failed since 11:50 UTC (HTTP 503).");
  found.evidence.failures = 0;
  CHECK(evidence_line(found) == "Log-in on WhatsApp: failures now and then since 09:00 UTC.");
}

TEST_CASE("a diagnosis tells its share, and what is new about it") {
  for (const double share : {0.03, 0.15, 0.3, 0.7, 0.97, 1.0}) {
    const auto told = told_share(share_words(share) + " fail now; it began at 12:00 UTC.");
    REQUIRE(told.has_value());
    CHECK(share_words(*told) == share_words(share));
  }
  CHECK_FALSE(told_share("It lasted 5m, from 12:00 to 12:05 UTC.").has_value());
  CHECK(news_of_diagnosis("More fails now. About 60 % of attempts fail now;") == kMoreWords);
  CHECK(news_of_diagnosis("About 60 % of attempts fail now;").empty());
}

TEST_CASE("sites of one's own are several") {
  auto one = incident_of({affected("own/shop")});
  CHECK(diagnosis(one, {}).find("Your own sites answer with HTTP errors (HTTP 503).") != std::string::npos);
}

TEST_CASE("an example with brackets of its own does not stand in brackets") {
  auto one = incident_of({affected("whatsapp/login")});
  one.layer = one.components[0].layer = Layer::dns;
  one.components[0].example = "the name server failed (SERVFAIL)";
  CHECK(diagnosis(one, around(one)).find("cannot be resolved (DNS): the name server failed (SERVFAIL).") !=
        std::string::npos);
}

TEST_CASE("of the user's own sites those that are known to be up are named, whatever is not known of others") {
  const auto one = incident_of({affected("whatsapp/media-upload")});
  auto surroundings = around(one);
  surroundings.components[{"own", "shop"}] = ComponentState::operational;
  surroundings.components[{"own", "blog"}] = ComponentState::operational;
  surroundings.components[{"own", "shop-certificate"}] = ComponentState::unknown;
  for (const auto& [id, state] : surroundings.components) surroundings.answered[id] = kNoon + 1s;
  CHECK(diagnosis(one, surroundings).find("; your own sites blog and shop; everything on Instagram and Facebook.") !=
        std::string::npos);
  surroundings.components[{"own", "shop-certificate"}] = ComponentState::operational;
  CHECK(diagnosis(one, surroundings).find("; everything on Instagram, Facebook and your own sites.") !=
        std::string::npos);
}

TEST_CASE("each layer has words of its own") {
  auto one = incident_of({affected("whatsapp/login")});
  one.components[0].example.clear();
  std::vector<std::string> all;
  for (const auto name : enum_names<Layer>()) {
    one.layer = one.components[0].layer = parse_enum<Layer>(name);
    const auto text = diagnosis(one, around(one));
    CHECK(std::find(all.begin(), all.end(), text) == all.end());
    all.push_back(text);
  }
}

TEST_CASE("our own network is described as it is") {
  const auto one = incident_of({affected("whatsapp/login")});
  auto surroundings = around(one);
  surroundings.silent = true;
  CHECK(diagnosis(one, surroundings).find("the control probes do not answer") != std::string::npos);
  surroundings.online = false;
  CHECK(diagnosis(one, surroundings).find("Our own network is down now") != std::string::npos);
  surroundings.checked = false;
  CHECK(diagnosis(one, surroundings).find("there are no control probes") != std::string::npos);
}

TEST_CASE("a resolved incident says how long it lasted") {
  auto one = incident_of({affected("whatsapp/login")});
  one.state = IncidentState::resolved;
  one.recovery = kNoon + 11h + 9min;
  one.resolved_at = kNoon + 11h + 15min;
  CHECK(diagnosis(one, around(one)) == "It lasted 11h 9m, from 12:00 to 23:09 UTC.");
}

TEST_CASE("shares are rounded as people say them") {
  CHECK(share_words(1) == "All attempts");
  CHECK(share_words(0.97) == "Nearly all attempts");
  CHECK(share_words(0.68) == "About 70 % of attempts");
  CHECK(share_words(0.13) == "About 15 % of attempts");
  CHECK(share_words(0.02) == "A few attempts");
}

TEST_CASE("hostile text in an example is made printable and short") {
  auto one = incident_of({affected("whatsapp/login")});
  one.components[0].example = "\x1b[31m" + std::string(1000, 'x') + "\n";
  const auto text = diagnosis(one, around(one));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.size() < 400);
}

TEST_CASE("a line of evidence names counts and says when it was decided without the controls") {
  auto one = opened("whatsapp/media-upload", kNoon + 60s);
  CHECK(evidence_line(one) == "Media upload on WhatsApp: 3 of 4 attempts failed since 12:00 UTC (HTTP 503).");
  CHECK(joined_line(one) == "Media upload on WhatsApp fails too: 3 of 4 attempts failed since 12:00 UTC (HTTP 503).");
  one.evidence.own_network = detect::OwnNetwork::silent;
  CHECK(evidence_line(one).find("The control probes had not answered by then.") != std::string::npos);
}

TEST_CASE("a certificate that ends soon is not said to break anything") {
  auto one = incident_of({affected("own/shop-certificate")});
  one.layer = Layer::tls;
  one.components[0].kind = "certificate_ends_soon";
  one.components[0].example = "the certificate ends on 2026-03-15";
  const auto text = diagnosis(one, {});
  CHECK(text.starts_with("It still answers, but the certificate ends on 2026-03-15."));
  CHECK(text.find("TLS") == std::string::npos);
}
