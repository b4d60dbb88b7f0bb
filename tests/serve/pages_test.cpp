// Pages, feed, badges and the Statuspage format, from the documents of the API.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "serve/feed.hpp"
#include "serve/html.hpp"
#include "serve/incident_report.hpp"
#include "serve/json_forms.hpp"
#include "serve/maintenance.hpp"
#include "serve/page_texts.hpp"
#include "serve/page_words.hpp"
#include "serve/status_text.hpp"
#include "serve/statuspage.hpp"
#include "store/sample.hpp"

using namespace outaged;
using namespace outaged::serve;
using Json = nlohmann::json;

namespace {

constexpr auto kEvil = "<script>alert(1)</script> & \"quotes\"";

Json incident_form() {
  auto incident = test::open_incident(7);
  incident.diagnosis = kEvil;
  return json_form(incident, test::base_time() + std::chrono::hours{1});
}

/// Its last bad result came 35 minutes after its first; that it was over was believed ten minutes later.
Json ended_form() {
  auto incident = test::open_incident(7);
  incident.state = IncidentState::resolved;
  incident.recovery = test::base_time() + std::chrono::minutes{35};
  incident.resolved_at = test::base_time() + std::chrono::minutes{45};
  return json_form(incident, test::base_time() + std::chrono::hours{3});
}

Json status() {
  return {{"at", "2019-07-03T15:00:00Z"},
          {"indicator", "outage"},
          {"summary", "Media upload fails on WhatsApp"},
          {"site", {{"name", kEvil}, {"network", "online"}, {"controls", 6}, {"controls_failing", 0}}},
          {"components",
           {{{"id", "whatsapp/media-upload"},
             {"platform", "whatsapp"},
             {"function", "media-upload"},
             {"state", "major_outage"},
             {"failure_share", 0.9}},
            {{"id", "facebook/web"}, {"platform", "facebook"}, {"function", "web"}, {"state", "unknown"}}}},
          {"incidents", {incident_form()}},
          {"problems", Json::array()}};
}

Json claim(const std::string& subject, const std::string& state, const std::string& words) {
  return {{"vendor", "Meta"},
          {"probe", "vendor.meta"},
          {"subject", subject},
          {"platforms", {"facebook"}},
          {"state", state},
          {"words", words},
          {"read_at", "2019-07-03T15:06:00Z"}};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the page says without JavaScript what fails, what is unknown and how our own network is") {
  const auto page = now_page(page_english(), status(), {{"incidents", Json::array()}});
  CHECK(contains(page, "Media upload fails on WhatsApp"));
  CHECK(contains(page, "90 % fail"));
  CHECK(contains(page, "<b>Unknown</b>"));
  CHECK(contains(page, "Fine: 6 of 6 control hosts answer."));
  CHECK(contains(page, "href=\"/incidents/7\""));
}

TEST_CASE("the page says without JavaScript how old the last answer of a rare probe is") {
  auto document = status();
  document["components"][1]["state"] = "operational";
  document["components"][1]["last_result_at"] = "2019-07-03T14:18:00Z";
  CHECK(contains(now_page(page_english(), document, Json::object()), "<span class=\"age\">42 min ago</span>"));
  document["components"][1]["last_result_at"] = "2019-07-03T14:50:00Z";
  CHECK_FALSE(contains(now_page(page_english(), document, Json::object()), " ago</span>"));
}

TEST_CASE("the page says without JavaScript what maintenance goes on and what is planned, each once") {
  const auto now = test::base_time();
  const auto hours = [now](int count) { return now + std::chrono::hours{count}; };
  const std::vector<MaintenanceWindow> windows{{1, {"whatsapp", "*"}, kEvil, hours(-1), hours(2)},
                                               {2, {"*", "login"}, "", hours(5), hours(6)},
                                               {2, {"*", "login"}, "", hours(29), hours(30)},
                                               {3, {"own", "shop"}, "Long over", hours(-9), hours(-8)}};
  const auto page =
      now_page(page_english(), status(), Json::object(), maintenance_section(page_english(), windows, now));
  CHECK(contains(page,
                 "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;</b></span> <span>WhatsApp: "
                 "everything</span> <span class=\"quiet\">under way until <time "
                 "datetime=\"2019-07-03T16:00:00Z\">2019-07-03 16:00 UTC</time></span>"));
  CHECK(contains(page,
                 "<span><b>Maintenance</b></span> <span>Every platform: Log-in</span> <span class=\"quiet\">from "
                 "<time datetime=\"2019-07-03T19:00:00Z\">2019-07-03 19:00 UTC</time>, for 1 h, again and "
                 "again</span>"));
  CHECK_FALSE(contains(page, "2019-07-04 19:00"));
  CHECK_FALSE(contains(page, "Long over"));
  CHECK(maintenance_section(page_english(), {}, now).empty());
}

TEST_CASE("the page says without JavaScript what the vendors say of themselves, trouble in their words") {
  auto document = status();
  CHECK(contains(now_page(page_english(), document, Json::object()),
                 "Nothing is known of what the platforms themselves say."));
  document["vendors"] = {claim("Webhooks", "fine", "No known issues"), claim("Login", "fine", "No known issues")};
  CHECK(contains(now_page(page_english(), document, Json::object()),
                 "<b>Meta</b>: no known issues, <span class=\"quiet\">read <time"));
  document["vendors"].insert(document["vendors"].begin(), claim("Graph API", "outage", kEvil));
  document["vendors"][0]["since"] = "2019-07-03T14:30:00Z";
  const auto page = now_page(page_english(), document, Json::object());
  CHECK(contains(page, "<b>Meta, Graph API</b>: \u201C&lt;script&gt;alert(1)"));
  CHECK(contains(page, "since <time datetime=\"2019-07-03T14:30:00Z\">"));
  CHECK(contains(page, "<b>Meta</b>: no known issues with 2 more"));
}

TEST_CASE("the names without JavaScript are those of the script, and times are of what succeeds") {
  auto document = status();
  document["components"].push_back({{"id", "facebook/dns"},
                                    {"platform", "facebook"},
                                    {"function", "dns"},
                                    {"state", "operational"},
                                    {"latency_ms", {{"p95", 56.2}}}});
  const auto page = now_page(page_english(), document, Json::object());
  CHECK(contains(page, "<th scope=\"col\">Names (DNS)</th>"));
  CHECK(contains(page, "WhatsApp: Media upload</a>"));
  CHECK(contains(page, "of those that succeed, 95 % within </span>56 ms"));
  CHECK(contains(component_page(page_english(), {{"id", "facebook/feed-load"}}), "<h1>Facebook: Feed</h1>"));
}

TEST_CASE("the probes are listed without JavaScript with what may be asked of each owner, and who is left alone") {
  const auto page = probes_page(page_english(), {{"probes",
                                                  {{{"id", "facebook.edge"},
                                                    {"state", "active"},
                                                    {"left_alone_until", "2019-07-03T15:30:00Z"},
                                                    {"usage_percent", 97}}}},
                                                 {"budgets",
                                                  {{{"owner", "facebook"},
                                                    {"requests", 720},
                                                    {"max_requests", 6000},
                                                    {"bytes", 2632091},
                                                    {"max_bytes", 536870912}},
                                                   {{"owner", "own"}, {"requests", 3}, {"bytes", 100}}}}});
  CHECK(contains(page, "Active, left alone until <time"));
  CHECK(contains(page, "</time>, 97 % of what the platform allows is used</td>"));
  CHECK(contains(page, "Facebook</th><td>720 of 6000</td><td>2.5 MiB of 512 MiB"));
  CHECK(contains(page, "Our sites</th><td>3, no bound</td><td>100 B, no bound"));
}

TEST_CASE("the page without JavaScript speaks Italian, and marks as English what the daemon says in sentences") {
  auto document = status();
  document["incidents"][0]["onset"] = "2019-06-30T12:00:00Z";
  document["vendors"] = Json::array({claim("Webhooks", "fine", "No known issues")});
  document["components"][0]["last_result_at"] = "2019-07-03T14:18:00Z";
  const auto now = test::base_time();
  const auto maintenance =
      maintenance_section(page_italian(), {{2, {"*", "login"}, "", now, now + std::chrono::hours{2}}}, now);
  const auto page = now_page(page_italian(), document, Json::object(), maintenance);
  for (const auto* part : {"<html lang=\"it\">",
                           "<h1><span lang=\"en\">Media upload fails on WhatsApp</span></h1>",
                           ">Adesso</a>",
                           "<b>Fuori servizio</b>",
                           "90 % fallisce",
                           "42 min fa",
                           "<b>Sconosciuto</b>",
                           "Invio di media</th>",
                           "La nostra rete</h2>",
                           "host di controllo che rispondono: 6 su 6.",
                           "nessun problema noto, ",
                           "letto il <time",
                           "<h2>In corso</h2>",
                           "In esame</span>",
                           "</time>, da 3 g 3 h<",
                           "<b>Rilevato</b>",
                           "<span lang=\"en\">Detected.</span>",
                           "<h2>Manutenzione</h2>",
                           "Tutte le piattaforme: Accesso",
                           "in corso fino al <time",
                           "<h2>Prima</h2>",
                           "Nessun incidente negli ultimi 90 giorni.",
                           "Senza JavaScript"}) {
    CAPTURE(std::string{part});
    CHECK(contains(page, part));
  }
  CHECK(contains(missing_page(page_italian(), page_italian().no_component), "Nessuna sonda controlla"));
  document["incidents"] = Json::array();
  document["summary"] = "Something fails.";
  CHECK(contains(now_page(page_italian(), document, Json::object()), "<h1>C’è un disservizio</h1>"));
  document["indicator"] = "operational";
  CHECK(contains(now_page(page_italian(), document, Json::object()), "<h1>Ciò che sappiamo funziona</h1>"));
  document["site"]["network"] = "offline";
  CHECK(contains(now_page(page_italian(), document, Json::object()), "<h1>La nostra rete non funziona</h1>"));
}

TEST_CASE("numbers without JavaScript have the decimal mark and the units of their language") {
  CHECK(size_words(page_english(), 2632091) == "2.5 MiB");
  CHECK(size_words(page_italian(), 2632091) == "2,5 MiB");
  CHECK(spelled_out(page_english(), "2d 3h") == "2 d 3 h");
  CHECK(spelled_out(page_italian(), "2d3h") == "2 g 3 h");
  CHECK(spelled_out(page_italian(), "1h 30m") == "1 h 30 min");
  CHECK(spelled_out(page_italian(), "").empty());
}

TEST_CASE("of a component of which nothing can be said no figure is told, and it does not count as failing") {
  auto document = status();
  auto& component = document["components"][0];
  component["state"] = "unknown";
  component["failures"] = 13;
  component["latency_ms"] = {{"p95", 56.2}};
  component["last_failure"] = {{"detail", "no route"}};
  document["incidents"][0]["components"][0]["state"] = "major_outage";
  const auto page = now_page(page_english(), document, Json::object());
  CHECK_FALSE(contains(page, "% fail"));
  CHECK_FALSE(contains(page, "56 ms"));
  CHECK_FALSE(contains(page, "mark major_outage"));
  const auto alone = component_page(page_english(), component);
  CHECK(contains(alone, "Nothing can be said of it"));
  CHECK_FALSE(contains(alone, "13"));
  CHECK_FALSE(contains(alone, "no route"));
}

TEST_CASE("nothing from outside becomes markup") {
  for (const auto& page : {now_page(page_english(), status(), {{"incidents", Json::array()}}),
                           incident_page(page_english(), incident_form()), missing_page(page_english(), kEvil),
                           atom_feed(Json::array({incident_form()}), kEvil, "http://x")}) {
    CHECK_FALSE(contains(page, "<script>alert"));
  }
  CHECK_FALSE(contains(incident_report(incident_form()), "<script>"));
  CHECK_FALSE(contains(badge("<b>", "major_outage"), "<b>"));
}

TEST_CASE("a feed names its entries the same however its reader reached it, and is as old as the last change") {
  const auto ids = [](const std::string& feed) {
    std::vector<std::string> out;
    for (auto at = feed.find("<id>"); at != std::string::npos; at = feed.find("<id>", at + 1))
      out.push_back(feed.substr(at, feed.find("</id>", at) - at));
    return out;
  };
  auto older = ended_form();
  older["id"] = 6;
  older["timeline"].back()["at"] = "2019-07-03T14:45:00Z";
  const auto incidents = Json::array({incident_form(), older});
  const auto here = atom_feed(incidents, "home", "http://localhost:8460");
  CHECK(ids(here).size() == 3);
  CHECK(ids(here) == ids(atom_feed(incidents, "home", "https://status.example")));
  CHECK(ids(here) != ids(atom_feed(incidents, "away", "http://localhost:8460")));
  CHECK(ids(here)[1].starts_with("<id>urn:uuid:"));
  CHECK(here.substr(0, here.find("<entry>")).find("<updated>2019-07-03T14:45:00Z</updated>") != std::string::npos);
}

TEST_CASE("an incident that is over lasted until its last bad result wherever one reads of it") {
  const auto page = incident_page(page_english(), ended_form());
  CHECK(contains(page, ", lasted 35 min<"));
  CHECK_FALSE(contains(page, "since <time"));
  CHECK(contains(incidents_page(page_english(), status(), {{"incidents", {ended_form()}}}), ", lasted 35 min<"));
  CHECK(contains(incident_report(ended_form()), "| lasted | 35m |"));
  CHECK(contains(render_incident(ended_form(), {}), "lasted 35m\n"));
  CHECK(contains(render_incidents(Json::array({ended_form()}), {}), "  35m  "));
  CHECK(contains(incident_page(page_english(), incident_form()), ", for 1 h<"));
}

TEST_CASE("documents with missing fields make a page and no error") {
  CHECK_FALSE(now_page(page_english(), Json::object(), Json::object()).empty());
  CHECK_FALSE(probes_page(page_english(), Json::object()).empty());
  CHECK_FALSE(component_page(page_english(), {{"id", "a/b"}}).empty());
}

namespace {

/// A page in the Statuspage format and what it is made from.
struct Page {
  Json status = ::status();
  Json incidents = Json::array();
  std::vector<MaintenanceWindow> maintenance = {};
  std::vector<store::ComponentInterval> intervals = {};

  [[nodiscard]] std::optional<Json> ask(const std::string& name) const {
    return statuspage_document(name, {status, [&] { return incidents; }, [&] { return maintenance; },
                                      [&] { return intervals; }, "http://status.example"});
  }
  [[nodiscard]] Json get(const std::string& name) const {
    auto document = ask(name);
    REQUIRE(document.has_value());
    return *document;
  }
};

std::vector<std::string> stages_of(const Json& document) {
  std::vector<std::string> out;
  for (const auto& one : document["scheduled_maintenances"]) out.push_back(one["status"]);
  return out;
}

}  // namespace

TEST_CASE("the Statuspage format has its indicator, its states and the updates newest first") {
  Page page;
  auto& timeline = page.status["incidents"][0]["timeline"];
  timeline.push_back(timeline[0]);
  timeline[1]["state"] = "identified";
  const auto summary = page.get("summary.json");
  CHECK(summary["status"]["indicator"] == "major");
  CHECK(summary["components"][0]["status"] == "major_outage");
  CHECK(summary["incidents"][0]["shortlink"] == "http://status.example/incidents/7");
  CHECK(summary["incidents"][0]["incident_updates"][0]["status"] == "identified");
  CHECK(summary["incidents"][0]["incident_updates"][1]["status"] == "investigating");
  CHECK(summary["scheduled_maintenances"].empty());
}

TEST_CASE("the Statuspage indicator is the worst of the incidents and of what fails without one") {
  Page page;
  const auto indicator = [&page] { return page.get("status.json")["status"]["indicator"].get<std::string>(); };
  page.status["incidents"][0]["severity"] = "minor";
  CHECK(indicator() == "major");
  page.status["incidents"] = Json::array();
  CHECK(indicator() == "major");
  page.status["components"][0]["state"] = "partial_outage";
  CHECK(indicator() == "minor");
  page.status["components"][0]["state"] = "under_maintenance";
  CHECK(indicator() == "none");
  page.status["incidents"] = Json::array({incident_form()});
  page.status["incidents"][0]["severity"] = "critical";
  CHECK(indicator() == "critical");
}

TEST_CASE("an update in the Statuspage format says what a component was then, not what it is now") {
  using namespace std::chrono_literals;
  const ComponentId component{"whatsapp", "media-upload"};
  const auto begin = test::base_time();
  auto incident = test::open_incident(7);
  incident.timeline.push_back({begin + 5min, incident::UpdateKind::severity, IncidentState::identified, "Worse."});
  incident.timeline.push_back({begin + 45min, incident::UpdateKind::resolved, IncidentState::resolved, "Over."});
  incident.components[0].state = ComponentState::operational;
  Page page;
  page.incidents = Json::array({json_form(incident, begin + 1h)});
  const auto affected = [&page](std::size_t update) {
    return page.get("incidents.json")["incidents"][0]["incident_updates"][update]["affected_components"][0];
  };
  CHECK(affected(0)["name"] == "Media upload on WhatsApp");
  CHECK(affected(0)["new_status"].is_null());
  page.intervals = {{component, ComponentState::unknown, begin - 2h, begin - 1h},
                    {component, ComponentState::operational, begin - 1h, begin + 40s},
                    {component, ComponentState::partial_outage, begin + 40s, begin + 5min},
                    {component, ComponentState::major_outage, begin + 5min, begin + 45min},
                    {component, ComponentState::operational, begin + 45min, std::nullopt}};
  const std::vector<std::string> states = {"operational", "partial_outage", "major_outage", "operational"};
  for (std::size_t update = 0; update < 3; ++update) {
    CHECK(affected(2 - update)["old_status"] == states[update]);
    CHECK(affected(2 - update)["new_status"] == states[update + 1]);
  }
  page.incidents[0]["components"][0]["joined_at"] = format_time(begin + 10min);
  CHECK(affected(1).is_null());
  CHECK_FALSE(affected(0).is_null());
}

TEST_CASE("maintenance in the Statuspage format is in progress, to come or over, of a rule only the next time") {
  using namespace std::chrono_literals;
  const auto now = test::base_time() + 1h;
  Page page;
  page.maintenance = {{3, {"*", "login"}, "", now - 48h, now - 47h},
                      {4, {"whatsapp", "*"}, "New disks", now - 10min, now + 50min},
                      {5, {"*", "*"}, "Every day", now + 1h, now + 2h},
                      {5, {"*", "*"}, "Every day", now + 25h, now + 26h}};
  using Stages = std::vector<std::string>;
  CHECK(stages_of(page.get("scheduled-maintenances.json")) == Stages{"completed", "in_progress", "scheduled"});
  CHECK(stages_of(page.get("scheduled-maintenances/upcoming.json")) == Stages{"scheduled"});
  CHECK(stages_of(page.get("summary.json")) == Stages{"in_progress", "scheduled"});
  const auto active = page.get("scheduled-maintenances/active.json")["scheduled_maintenances"];
  REQUIRE(active.size() == 1);
  CHECK(active[0]["name"] == "New disks");
  CHECK(active[0]["impact"] == "maintenance");
  CHECK(active[0]["scheduled_for"] == "2019-07-03T14:50:00Z");
  CHECK(active[0]["scheduled_until"] == "2019-07-03T15:50:00Z");
  REQUIRE(active[0]["components"].size() == 1);
  CHECK(active[0]["components"][0]["name"] == "Media upload on WhatsApp");
}

TEST_CASE("a component that is unknown is not called fine without a word in the Statuspage format") {
  const Page page;
  const auto unknown = page.get("components.json")["components"][1];
  CHECK(unknown["status"] == "operational");
  CHECK(contains(unknown["description"], "Not known"));
  CHECK_FALSE(page.ask("secrets.json").has_value());
}

TEST_CASE("a report has the times, the components and the timeline") {
  const auto report = incident_report(incident_form());
  CHECK(contains(report, "# Incident 7: Media upload fails on WhatsApp"));
  CHECK(contains(report, "| so far | 1h |"));
  CHECK(contains(report, "whatsapp/media-upload"));
  CHECK(contains(report, "- **2019-07-03 14:00 UTC** detected: Detected."));
}
