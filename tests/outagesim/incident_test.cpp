#include <fstream>

#include <doctest/doctest.h>

#include "base/simulated_timer_queue.hpp"
#include "base/units.hpp"
#include "outagesim/cdn.hpp"
#include "outagesim/incident_script.hpp"
#include "outagesim/offline.hpp"
#include "outagesim/router.hpp"
#include "outagesim/running.hpp"

namespace outaged::sim {
namespace {

using namespace std::chrono_literals;
using test::Offline;

const std::string kIncidents = std::string(OUTAGED_SOURCE_DIR) + "/config/incidents";

WallTime at(const char* text) {
  return parse_time(text).value();
}

Incident load(const std::string& name) {
  auto incident = read_incident(kIncidents + "/" + name + ".json");
  REQUIRE(incident);
  return *incident;
}

}  // namespace

TEST_CASE("the shipped incidents can be read and tell their faults at any time") {
  const auto media = load("2019-07-03-media-cdn");
  CHECK(media.begins() == at("2019-07-03T12:00:00Z"));
  CHECK(media.ends() == at("2019-07-04T00:00:00Z"));
  CHECK(media.faults_at(at("2019-07-03T11:59:59Z")).empty());
  const auto peak = media.faults_at(at("2019-07-03T14:00:00Z"));
  REQUIRE(peak.size() == 2);
  CHECK(peak[0].layer == FaultLayer::http_5xx);
  CHECK(peak[0].share == 0.65);
  CHECK(peak[0].latency_factor == 2.0);
  CHECK(peak[1].layer == FaultLayer::partial_content);
  CHECK(media.faults_at(media.ends()).empty());

  CHECK(load("2021-10-04-bgp-dns").faults_at(at("2021-10-04T18:00:00Z")).at(0).layer == FaultLayer::dns);
  CHECK(load("2024-03-05-login").faults_at(at("2024-03-05T16:00:00Z")).at(0).layer == FaultLayer::auth);
}

TEST_CASE("in the autumn of 2021 every Meta name fails and the others resolve") {
  FaultPlan plan(1);
  plan.set(load("2021-10-04-bgp-dns").faults_at(at("2021-10-04T18:00:00Z")));
  for (const auto& host : hosts()) {
    if (host.functions == std::vector<std::string_view>{"web"}) continue;  // the incident file does not name it
    INFO(std::string(host.name));
    CHECK(plan.strike_host(host, host.name, FaultLayer::dns, AddressFamily::ipv4).has_value() ==
          (host.role != Role::control && host.role != Role::vendor));
  }
}

TEST_CASE("everything wrong with an incident file is reported at once") {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "broken.json";
  std::ofstream(path) << R"({"id":"x","phases":[{"start":"yesterday","end":"2021-10-04T15:40:00Z","layer":"dns"},
    {"start":"2021-10-04T15:40:00Z","end":"2021-10-04T15:40:00Z","layer":"dsn","failure_ratio":3}]})";
  const auto incident = read_incident(path);
  REQUIRE_FALSE(incident);
  CHECK(incident.error().size() == 4);
  CHECK_FALSE(read_incident(directory / "absent.json"));
}

TEST_CASE("an incident unfolds in compressed time") {
  Options options;
  options.incident = "2019-07-03";
  options.incidents = kIncidents;
  options.speed = 36'000;  // the twelve hours pass in little more than a second
  options.healthy_for = 1h;
  const test::Running sim(options);
  CHECK(sim.ready.at("clock").at("start") == "2019-07-03T11:00:00Z");
  bool failed = false;
  std::string phase;
  const Instant patience = MonotonicClock::now() + 30s;
  while (phase != "after" && MonotonicClock::now() < patience) {
    failed = failed || !sim.control("GET", "/faults").empty();
    phase = sim.control("GET", "/state").at("incident").at("phase");
  }
  CHECK(failed);
  CHECK(phase == "after");
}

TEST_CASE("an address of stored WhatsApp media ends after five minutes") {
  Offline sim;
  const std::string graph = "https://graph.facebook.com/v23.0/";
  const std::string id = sim.store_document();
  const std::string url =
      nlohmann::json::parse(sim.ask("GET", graph + id, {sim.token("whatsapp_token")}).body).at("url");
  sim.clock.run_for(299s);
  CHECK(sim.ask("GET", url, {sim.token("whatsapp_token")}).body == "%PDF-1.4");
  sim.clock.run_for(2s);
  CHECK(sim.ask("GET", url, {sim.token("whatsapp_token")}).status == 404);
}

TEST_CASE("an Instagram container is processed, finished, and one day expired") {
  Offline sim;
  const std::string graph = "https://graph.facebook.com/v23.0/";
  const auto token = sim.token("instagram_token");
  const auto created = nlohmann::json::parse(sim.ask("POST", graph + sim.world.accounts.instagram_user_id + "/media",
                                                     {token, {"content-type", "application/json"}},
                                                     R"({"upload_type":"resumable","media_type":"REELS"})")
                                                 .body);
  const std::string container = graph + created.at("id").get<std::string>() + "?fields=status_code";
  const std::string uri = created.at("uri");
  const auto state = [&] {
    return nlohmann::json::parse(sim.ask("GET", container, {token}).body).at("status_code").get<std::string>();
  };
  CHECK(state() == "IN_PROGRESS");
  const std::string film = std::string{"\0\0\0\x18", 4} + "ftypisom" + std::string(100, 'x');
  const Header size{"file_size", "112"};
  CHECK(sim.ask("POST", uri, {token, {"offset", "3"}, size}, film).status == 412);
  CHECK(sim.ask("POST", uri, {{"offset", "0"}, size}, film).status == 400);
  CHECK(sim.ask("POST", uri, {token, {"offset", "0"}, size}, film.substr(0, 50)).body.find("PartialRequestError") !=
        std::string::npos);
  CHECK(sim.ask("GET", uri, {token}).body == R"({"offset":50})");
  CHECK(sim.ask("POST", uri, {token, {"offset", "50"}, size}, film.substr(50)).body.find("\"success\":true") !=
        std::string::npos);
  CHECK(state() == "IN_PROGRESS");
  sim.clock.run_for(3s);
  CHECK(state() == "FINISHED");
  sim.clock.run_for(24h);
  CHECK(state() == "EXPIRED");
}

TEST_CASE("the address of a picture expires after days") {
  Offline sim;
  const std::string url = picture_url(sim.world, "scontent.xx.fbcdn.net", "feed-1");
  CHECK(sim.ask("GET", url).status == 200);
  sim.clock.run_for(5 * 24h);
  CHECK(sim.ask("GET", url).body == "URL signature expired");
}

TEST_CASE("bytes that came before a connection broke are kept") {
  Offline sim;
  const std::string graph = "https://graph.facebook.com/v23.0/";
  const auto token = sim.token("facebook_user_token");
  const std::string id =
      nlohmann::json::parse(
          sim.ask("POST", graph + sim.world.accounts.facebook_app_id + "/uploads?file_length=100&file_type=image/png",
                  {token})
              .body)
          .at("id");
  Request cut;
  cut.method = "POST";
  cut.host = "graph.facebook.com";
  cut.path = "/v23.0/" + id.substr(0, id.find('?'));
  cut.headers = {token, {"file_offset", "0"}};
  cut.body = std::string(40, 'x');
  cut.complete = false;
  (void)sim.router.answer(cut);
  CHECK(sim.ask("GET", graph + id, {token}).body.find("\"file_offset\":40") != std::string::npos);
}

TEST_CASE("an incident squeezed into less time keeps its course") {
  auto media = load("2019-07-03-media-cdn");
  const auto whole = media.phases.size();
  media.last(2h);  // instead of twelve
  CHECK(media.begins() == at("2019-07-03T12:00:00Z"));
  CHECK(media.ends() == at("2019-07-03T14:00:00Z"));
  CHECK(media.phases.size() == whole);
  CHECK(media.faults_at(at("2019-07-03T12:20:00Z")).at(0).share == 0.65);
  CHECK(media.vendor_acknowledged_at == at("2019-07-03T12:13:00Z"));
}

TEST_CASE("the official status page speaks when the vendor spoke, in its data and its feed") {
  Offline sim;
  const std::string page = "https://metastatus.com:1/";
  const auto status = [&] {
    const auto organisations = nlohmann::json::parse(sim.ask("GET", page + "data/orgs.json").body);
    return organisations.at(0).at("services").at(0).at("status").get<std::string>();
  };
  const auto open = [&] {
    return nlohmann::json::parse(sim.ask("GET", page + "data/outages/whatsapp-business-api.json").body);
  };
  const auto history = [&] {
    return nlohmann::json::parse(sim.ask("GET", page + "data/outages/whatsapp-business-api.history.json").body);
  };
  const auto feed = [&] { return sim.ask("GET", page + "outage-events-feed-whatsapp-business-api.rss").body; };
  CHECK(status() == "No known issues");
  CHECK(open().empty());

  const auto media = load("2019-07-03-media-cdn");
  CHECK(media.vendor_acknowledged_at == at("2019-07-03T13:18:00Z"));
  CHECK(media.platforms() == std::vector<std::string>{"facebook", "instagram", "whatsapp"});
  const auto begin = sim.clock.wall_now();
  sim.world.vendor = {media.platforms(), media.functions(), media.title, begin + 10min, begin + 60min};
  CHECK(status() == "No known issues");
  sim.clock.run_for(10min);
  CHECK(status() == "High disruptions");
  const auto organisations = nlohmann::json::parse(sim.ask("GET", page + "data/orgs.json").body);
  CHECK(organisations.at(2).at("id") == "facebook-login");
  CHECK(organisations.at(2).at("services").at(0).at("status") == "No known issues");
  CHECK(open().at(0).at("posts").at(0).at("description") == media.title);
  CHECK(feed().find(media.title) != std::string::npos);
  CHECK(history().empty());
  sim.clock.run_for(50min);
  CHECK(status() == "Resolved");
  CHECK(open().empty());
  CHECK(feed().find("This issue has been resolved.") != std::string::npos);
  const auto over = history().at(0);
  CHECK(over.at("status") == "Resolved");
  CHECK(over.at("posts").at(0).at("description") == media.title);
  CHECK(over.at("posts").at(1).at("time") == over.at("time"));
  CHECK(sim.ask("GET", page + "data/else.json").status == 404);
}

TEST_CASE("the official status page tells its metrics as lists of numbers") {
  Offline sim;
  for (const auto* metric : {"cloudapi_uptime_daily", "event_tagging_latency_last_31_days_p90_s3"}) {
    const auto reply =
        sim.ask("GET", std::string("https://metastatus.com/metrics/whatsapp-business-api/") + metric + ".json");
    CHECK(nlohmann::json::parse(reply.body).at("values").size() == 31);
  }
  CHECK(sim.ask("GET", "https://metastatus.com/metrics/graph-api/cloudapi_uptime_daily.json").status == 404);
}

}  // namespace outaged::sim
