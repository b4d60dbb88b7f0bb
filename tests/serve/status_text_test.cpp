#include "serve/status_text.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "serve/text_table.hpp"

using namespace outaged::serve;
using Json = nlohmann::json;

namespace {

Json component(const char* platform, const char* function, const char* state, double share, double p50) {
  return {{"platform", platform},
          {"function", function},
          {"state", state},
          {"failure_share", share},
          {"latency_ms", {{"p50", p50}}}};
}

Json outage() {
  return {{"at", "2019-07-03T14:05:00Z"},
          {"indicator", "outage"},
          {"summary", "Media upload fails on WhatsApp"},
          {"site", {{"name", "office"}, {"network", "online"}, {"controls", 6}, {"controls_failing", 0}}},
          {"daemon", {{"running", true}}},
          {"components",
           {component("whatsapp", "media-upload", "major_outage", 0.92, 0),
            component("whatsapp", "web", "operational", 0, 412), component("facebook", "web", "unknown", 0, 0)}},
          {"incidents", Json::array()},
          {"problems",
           {{{"probe", "facebook-feed"},
             {"kind", "credentials"},
             {"since", "2019-07-03T09:00:00Z"},
             {"detail", "token expired"}}}}};
}

}  // namespace

TEST_CASE("the status text shows the matrix with state and share and latency") {
  const auto text = render_status(outage(), {});
  CHECK(text.find("OUTAGE  Media upload fails on WhatsApp") != std::string::npos);
  CHECK(text.find("whatsapp  DOWN 92 %     up 412 ms") != std::string::npos);
  auto unrecorded = outage();
  unrecorded["components"][0]["failure_share"] = 0;
  CHECK(render_status(unrecorded, {}).find("whatsapp  DOWN          up 412 ms") != std::string::npos);
  CHECK(text.find("facebook  \u00B7             ?") != std::string::npos);
  CHECK(text.find("own network: fine (6 of 6 control probes answer)") != std::string::npos);
  CHECK(text.find("facebook-feed  credentials  since 2019-07-03 09:00 UTC  token expired") != std::string::npos);
}

TEST_CASE("text without colour has no escape sequences and text with colour has them") {
  CHECK(render_status(outage(), {}).find('\x1b') == std::string::npos);
  CHECK(render_status(outage(), {.color = true}).find("\x1b[1;31mDOWN 92 %\x1b[0m") != std::string::npos);
}

TEST_CASE("a status from the file of a stopped daemon says so") {
  auto document = outage();
  document["daemon"] = {{"running", false}, {"last_result_at", "2019-07-03T13:58:00Z"}};
  CHECK(render_status(document, {}).find("The daemon is not running") != std::string::npos);
  CHECK(render_status(document, {}).find("last result 2019-07-03 13:58 UTC") != std::string::npos);
}

TEST_CASE("when the own network is down nothing is said about the platforms") {
  auto document = outage();
  document["site"] = {{"name", "office"},
                      {"network", "offline"},
                      {"since", "2019-07-03T14:00:00Z"},
                      {"controls", 6},
                      {"controls_failing", 5}};
  CHECK(render_status(document, {}).find("own network: DOWN since 2019-07-03 14:00 UTC (5 of 6") != std::string::npos);
}

TEST_CASE("a document with missing and wrongly typed fields is rendered without an error") {
  CHECK_FALSE(render_status(Json::object(), {}).empty());
  CHECK_FALSE(render_status({{"at", 7}, {"components", {{{"platform", 1}}}}}, {}).empty());
  CHECK(render_incidents(Json::array(), {}) == "no incidents\n");
}

TEST_CASE("an incident is told with duration and components and timeline") {
  const Json incident = {
      {"id", 3},
      {"at", "2019-07-03T15:00:00Z"},
      {"state", "investigating"},
      {"severity", "critical"},
      {"title", "Media upload fails"},
      {"diagnosis", "The media tier answers HTTP 5xx."},
      {"onset", "2019-07-03T14:02:00Z"},
      {"components",
       {{{"id", "whatsapp/media-upload"},
         {"state", "partial_outage"},
         {"failure_share", 0.7},
         {"layer", "http"},
         {"onset", "2019-07-03T14:02:00Z"}}}},
      {"timeline", {{{"at", "2019-07-03T14:03:00Z"}, {"kind", "detected"}, {"text", "Media upload fails"}}}}};
  const auto text = render_incident(incident, {});
  CHECK(text.find("incident #3  critical  investigating  Media upload fails") != std::string::npos);
  CHECK(text.find("so far 58m") != std::string::npos);
  CHECK(text.find("whatsapp/media-upload  FAILING 70 %  http") != std::string::npos);
  CHECK(text.find("2019-07-03 14:03 UTC  detected  Media upload fails") != std::string::npos);
}

TEST_CASE("columns line up by characters and not by bytes") {
  TextTable table("");
  table.row({{"\u00B7"}, {"x"}});
  table.row({{"ab"}, {"y"}});
  CHECK(table.render(false) == "\u00B7   x\nab  y\n");
}

TEST_CASE("a component whose last result is old says how old, one that was just asked does not") {
  auto document = outage();
  document["components"][1]["last_result_at"] = "2019-07-03T13:23:00Z";
  document["components"][2]["last_result_at"] = "2019-07-03T13:59:00Z";
  const auto text = render_status(document, {});
  CHECK(text.find("up 412 ms (42m ago)") != std::string::npos);
  CHECK(text.find(" ago)") == text.rfind(" ago)"));
}
