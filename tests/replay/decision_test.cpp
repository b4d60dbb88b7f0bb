// What is decided over rows, and how it is told.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "replay/rows.hpp"

using namespace outaged;
using namespace outaged::test;
using Json = nlohmann::json;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::set<std::string> keys_of(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

}  // namespace

TEST_CASE("an outage opens once, is joined by those it hits, and is resolved") {
  const auto outcome = replay_of(text_of(rows_of(uploads_fail)));
  std::vector<std::string> words;
  std::set<std::string> components;
  for (const auto& line : lines_of(replay::to_events(outcome.record))) {
    if (words.empty()) {
      CHECK(line == "timestamp,event,incident,platform,function");
    } else if (line.find(",resolve,") != std::string::npos) {
      CHECK(line.ends_with(",resolve,1,,"));
    } else {
      components.insert(line.substr(line.find(",1,")));
    }
    words.push_back(line);
  }
  REQUIRE(words.size() == 5);
  CHECK(words[1].find(",open,1,") != std::string::npos);
  CHECK(words[2].find(",join,1,") != std::string::npos);
  CHECK(words[3].find(",join,1,") != std::string::npos);
  CHECK(words[4].find(",resolve,1,") != std::string::npos);
  CHECK(components ==
        std::set<std::string>{",1,facebook,media-upload", ",1,instagram,media-upload", ",1,whatsapp,media-upload"});
  const auto& incident = outcome.record.incidents.begin()->second;
  CHECK(incident.opened_at - kStart < 62min);
  CHECK(incident.resolved_at.value() - kStart < 112min);
}

TEST_CASE("no decision is dated before the row that it follows from was known") {
  // Every attempt fails after ten seconds: before then nobody can know.
  const auto timeouts = [](const std::string& platform, const std::string& function, double minute) -> std::string {
    return uploads_fail(platform, function, minute).empty() ? "" : "timeout";
  };
  const auto rows = rows_of(timeouts);
  const auto outcome = replay_of(text_of(rows));
  REQUIRE(outcome.record.events.size() == 4);
  for (const auto& event : outcome.record.events) {
    if (event.kind == replay::Event::Kind::resolve) continue;
    const auto first = std::ranges::find_if(
        rows, [&](const Row& row) { return !row.kind.empty() && row.platform == event.component.platform; });
    CHECK(event.at >= first->at + std::chrono::milliseconds{first->latency});
  }
}

TEST_CASE("what hits the controls too is our own network, and no incident") {
  const auto offline = [](const std::string&, const std::string&, double minute) -> std::string {
    return within(minute, 60, 75) ? "timeout" : "";
  };
  const auto outcome = replay_of(text_of(rows_of(offline)));
  CHECK(outcome.record.incidents.empty());
  REQUIRE(outcome.record.site_offline.size() == 1);
  const auto& loss = outcome.record.site_offline.front();
  CHECK(loss.from >= kStart + 60min);
  CHECK(loss.from <= kStart + 62min);
  CHECK(loss.to.value() <= kStart + 79min);
  CHECK(outcome.json()["site_offline"][0]["from"] == format_time(loss.from));
}

TEST_CASE("an expired token is a probe problem, and no incident") {
  const auto expired = [](const std::string& platform, const std::string&, double minute) -> std::string {
    return platform == "instagram" && within(minute, 30, 120) ? "token_expired" : "";
  };
  const auto outcome = replay_of(text_of(rows_of(expired)));
  CHECK(outcome.record.incidents.empty());
  const auto json = outcome.json();
  REQUIRE(json["probe_problems"].size() == 3);
  for (const auto& problem : json["probe_problems"]) {
    CHECK(problem["kind"] == "credentials");
    CHECK(problem["probe"].get<std::string>().starts_with("instagram-"));
    CHECK(problem["from"].get<std::string>() < "2026-03-02T00:35:00Z");
    CHECK(problem["to"].get<std::string>() > "2026-03-02T02:00:00Z");
  }
}

TEST_CASE("the JSON document has the promised keys, and no others") {
  const auto offline_later = [](const std::string& platform, const std::string& function,
                                double minute) -> std::string {
    if (within(minute, 140, 150)) return "timeout";
    if (platform == "facebook" && function == "login" && within(minute, 10, 30)) return "token_expired";
    return uploads_fail(platform, function, minute);
  };
  const auto json = replay_of(text_of(rows_of(offline_later))).json();
  CHECK(keys_of(json) == std::set<std::string>{"incidents", "site_offline", "probe_problems", "notifications", "rows"});
  CHECK(json["rows"] == 180 * 12);
  REQUIRE(json["incidents"].size() == 1);
  const auto& incident = json["incidents"][0];
  CHECK(keys_of(incident) == std::set<std::string>{"id", "onset", "opened_at", "monitoring_at", "resolved_at",
                                                   "severity", "title", "layer", "shared_cause", "components",
                                                   "timeline"});
  CHECK(incident["shared_cause"] == true);
  CHECK(incident["layer"] == "http");
  REQUIRE(incident["components"].size() == 3);
  for (const auto& component : incident["components"]) {
    CHECK(keys_of(component) ==
          std::set<std::string>{"id", "onset", "opened_at", "resolved_at", "peak_state", "failure_share"});
    CHECK(component["peak_state"] == "major_outage");
    CHECK(component["failure_share"].get<double>() > 0.8);
  }
  for (const auto& entry : incident["timeline"]) CHECK(keys_of(entry) == std::set<std::string>{"at", "kind", "text"});
  REQUIRE(json["notifications"].size() >= 2);
  for (const auto& one : json["notifications"]) CHECK(keys_of(one) == std::set<std::string>{"at", "incident", "kind"});
  CHECK(json["notifications"].front()["kind"] == "opened");
  CHECK(json["notifications"].back()["kind"] == "resolved");
  REQUIRE_FALSE(json["probe_problems"].empty());
  CHECK(keys_of(json["probe_problems"][0]) == std::set<std::string>{"probe", "kind", "from", "to"});
  REQUIRE_FALSE(json["site_offline"].empty());
  CHECK(keys_of(json["site_offline"][0]) == std::set<std::string>{"from", "to"});
}

TEST_CASE("rows up to five seconds late are put in their place, later ones are left out and counted") {
  auto rows = rows_of(uploads_fail);
  const auto in_order = replay_of(text_of(rows));
  for (std::size_t i = 0; i + 1 < rows.size(); i += 7) std::swap(rows[i], rows[i + 1]);  // five seconds apart
  const auto disordered = replay_of(text_of(rows));
  CHECK(disordered.rows.late == 0);
  CHECK(disordered.json() == in_order.json());

  rows = rows_of(uploads_fail);
  std::rotate(rows.begin() + 100, rows.begin() + 101, rows.begin() + 103);  // ten seconds late
  const auto late = replay_of(text_of(rows));
  CHECK(late.rows.late == 1);
  CHECK(late.rows.used == late.rows.read - 1);
}

TEST_CASE("the same rows give the same, byte by byte") {
  const auto text = text_of(rows_of(uploads_fail));
  const auto once = replay_of(text);
  const auto twice = replay_of(text);
  CHECK(once.json().dump() == twice.json().dump());
  CHECK(replay::to_events(once.record) == replay::to_events(twice.record));
  CHECK(replay::to_text(once.record, once.rows) == replay::to_text(twice.record, twice.rows));
  CHECK(replay_of(text, 60s).json().dump() == replay_of(text, 60s).json().dump());
}
