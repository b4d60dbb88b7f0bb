// Pages, feed, badges and the Statuspage format, from the documents of the API.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "serve/feed.hpp"
#include "serve/html.hpp"
#include "serve/incident_report.hpp"
#include "serve/json_forms.hpp"
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
  const auto page = now_page(status(), {{"incidents", Json::array()}});
  CHECK(contains(page, "Media upload fails on WhatsApp"));
  CHECK(contains(page, "90 % fails"));
  CHECK(contains(page, "<b>Unknown</b>"));
  CHECK(contains(page, "Fine: 6 of 6 control hosts answer."));
  CHECK(contains(page, "href=\"/incidents/7\""));
}

TEST_CASE("the page says without JavaScript what the vendors say of themselves, trouble in their words") {
  auto document = status();
  CHECK(contains(now_page(document, Json::object()), "Nothing is known of what the platforms themselves say."));
  document["vendors"] = {claim("Webhooks", "fine", "No known issues"), claim("Login", "fine", "No known issues")};
  CHECK(contains(now_page(document, Json::object()), "<b>Meta</b>: no known issues, <span class=\"quiet\">read <time"));
  document["vendors"].insert(document["vendors"].begin(), claim("Graph API", "outage", kEvil));
  document["vendors"][0]["since"] = "2019-07-03T14:30:00Z";
  const auto page = now_page(document, Json::object());
  CHECK(contains(page, "<b>Meta, Graph API</b>: \u201C&lt;script&gt;alert(1)"));
  CHECK(contains(page, "since <time datetime=\"2019-07-03T14:30:00Z\">"));
  CHECK(contains(page, "<b>Meta</b>: no known issues with 2 others"));
}

TEST_CASE("the names without JavaScript are those of the script, and times are of what succeeds") {
  auto document = status();
  document["components"].push_back({{"id", "facebook/dns"},
                                    {"platform", "facebook"},
                                    {"function", "dns"},
                                    {"state", "operational"},
                                    {"latency_ms", {{"p95", 56.2}}}});
  const auto page = now_page(document, Json::object());
  CHECK(contains(page, "<th scope=\"col\">Names (DNS)</th>"));
  CHECK(contains(page, "WhatsApp: Media upload</a>"));
  CHECK(contains(page, "of those that succeed, 95 % within </span>56 ms"));
  CHECK(contains(component_page({{"id", "facebook/feed-load"}}), "<h1>Facebook: Feed</h1>"));
}

TEST_CASE("the probes are listed without JavaScript with what may be asked of each owner, and who is left alone") {
  const auto page = probes_page(
      {{"probes", {{{"id", "facebook.edge"}, {"state", "active"}, {"left_alone_until", "2019-07-03T15:30:00Z"}}}},
       {"budgets",
        {{{"owner", "facebook"},
          {"requests", 720},
          {"max_requests", 6000},
          {"bytes", 2632091},
          {"max_bytes", 536870912}},
         {{"owner", "own"}, {"requests", 3}, {"bytes", 100}}}}});
  CHECK(contains(page, "active, left alone until <time"));
  CHECK(contains(page, "Facebook</th><td>720 of 6000</td><td>2.5 MiB of 512 MiB"));
  CHECK(contains(page, "Our sites</th><td>3, no bound</td><td>100 B, no bound"));
}

TEST_CASE("nothing from outside becomes markup") {
  for (const auto& page : {now_page(status(), {{"incidents", Json::array()}}), incident_page(incident_form()),
                           missing_page(kEvil), atom_feed(Json::array({incident_form()}), kEvil, "http://x", "now")}) {
    CHECK_FALSE(contains(page, "<script>alert"));
  }
  CHECK_FALSE(contains(incident_report(incident_form()), "<script>"));
  CHECK_FALSE(contains(badge("<b>", "major_outage"), "<b>"));
}

TEST_CASE("an incident that is over lasted until its last bad result wherever one reads of it") {
  const auto page = incident_page(ended_form());
  CHECK(contains(page, ", lasted 35m<"));
  CHECK_FALSE(contains(page, "since <time"));
  CHECK(contains(incidents_page(status(), {{"incidents", {ended_form()}}}), ", lasted 35m<"));
  CHECK(contains(incident_report(ended_form()), "| lasted | 35m |"));
  CHECK(contains(render_incident(ended_form(), {}), "lasted 35m\n"));
  CHECK(contains(render_incidents(Json::array({ended_form()}), {}), "  35m  "));
  CHECK(contains(incident_page(incident_form()), ", for 1h<"));
}

TEST_CASE("documents with missing fields make a page and no error") {
  CHECK_FALSE(now_page(Json::object(), Json::object()).empty());
  CHECK_FALSE(probes_page(Json::object()).empty());
  CHECK_FALSE(component_page({{"id", "a/b"}}).empty());
}

TEST_CASE("the Statuspage format has its indicator, its states and the updates newest first") {
  const auto summary = statuspage_document("summary.json", status(), Json::array(), "http://status.example");
  REQUIRE(summary.has_value());
  CHECK((*summary)["status"]["indicator"] == "major");
  CHECK((*summary)["components"][0]["status"] == "major_outage");
  CHECK((*summary)["incidents"][0]["shortlink"] == "http://status.example/incidents/7");
  CHECK((*summary)["incidents"][0]["incident_updates"][0]["status"] == "investigating");
  CHECK((*summary)["scheduled_maintenances"].empty());
}

TEST_CASE("a component that is unknown is not called fine without a word in the Statuspage format") {
  const auto document = statuspage_document("components.json", status(), Json::array(), "");
  const auto& unknown = (*document)["components"][1];
  CHECK(unknown["status"] == "operational");
  CHECK(contains(unknown["description"], "Not known"));
  CHECK_FALSE(statuspage_document("secrets.json", status(), Json::array(), "").has_value());
}

TEST_CASE("a report has the times, the components and the timeline") {
  const auto report = incident_report(incident_form());
  CHECK(contains(report, "# Incident 7: Media upload fails on WhatsApp"));
  CHECK(contains(report, "| so far | 1h |"));
  CHECK(contains(report, "whatsapp/media-upload"));
  CHECK(contains(report, "- **2019-07-03 14:00 UTC** detected: Detected."));
}
