#include "serve/incident_api.hpp"

#include <nlohmann/json.hpp>

#include "serve/ask.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;
using Json = nlohmann::json;

namespace {

/// Routes over a real database with the open incident 1 and the resolved incident 2; the daemon behind them remembers
/// what it was told.
struct Desk {
  test::TemporaryDirectory directory;
  std::vector<incident::Intervention> taken;
  std::optional<incident::Incident> handed;
  std::string refusal;
  std::vector<Route> routes;

  Desk() {
    auto writer = test::open_writer(directory / "outaged.db");
    store::Batch batch;
    batch.incidents = {test::open_incident(1), test::open_incident(2)};
    batch.incidents[1].state = IncidentState::resolved;
    batch.incidents[1].resolved_at = test::base_time() + std::chrono::hours{1};
    writer->submit(std::move(batch));
    REQUIRE(writer->flush(std::chrono::seconds{10}));
    Daemon daemon;
    daemon.database = directory / "outaged.db";
    daemon.now = [] { return test::base_time() + std::chrono::hours{2}; };
    daemon.intervene = [this](incident::Intervention said, std::optional<incident::Incident> resolved, auto done) {
      taken.push_back(std::move(said));
      handed = std::move(resolved);
      if (refusal.empty()) {
        done(test::open_incident(taken.back().incident.number));
      } else {
        done(Unexpected{refusal});
      }
    };
    routes = incident_write_routes(daemon, std::make_shared<Gate>(Secret{}, daemon.now));
  }

  Response post(const std::string& target, const std::string& body) {
    auto asked = test::request("POST", target, body);
    asked.over_socket = true;
    asked.privileged = true;
    asked.user = "operator";
    return test::ask(routes, std::move(asked));
  }
};

}  // namespace

TEST_CASE("what a person says reaches the daemon with the name of who says it") {
  Desk desk;
  const auto answer = desk.post("/api/v1/incidents/1/note", R"({"text": "looks like the CDN"})");
  CHECK(answer.status == 200);
  CHECK(Json::parse(answer.body)["id"] == 1);
  REQUIRE(desk.taken.size() == 1);
  CHECK(desk.taken[0].kind == incident::InterventionKind::note);
  CHECK(desk.taken[0].text == "looks like the CDN");
  CHECK(desk.taken[0].by == "operator");
  CHECK_FALSE(desk.handed.has_value());
  CHECK(desk.post("/api/v1/incidents/1/acknowledge", "").status == 200);
  CHECK(desk.post("/api/v1/incidents/1/vendor", R"({"text": "We are aware", "by": "bob"})").status == 200);
  CHECK(desk.taken.back().by == "bob");
}

TEST_CASE("a resolved incident goes to the daemon as it is stored") {
  Desk desk;
  CHECK(desk.post("/api/v1/incidents/2/reopen", "").status == 200);
  REQUIRE(desk.handed.has_value());
  CHECK(desk.handed->id.number == 2);
}

TEST_CASE(
    "text without content, unknown keys, no JSON and no such incident are refused before the daemon hears of it") {
  Desk desk;
  CHECK(desk.post("/api/v1/incidents/1/note", "").status == 400);
  CHECK(desk.post("/api/v1/incidents/1/note", R"({"text": ""})").status == 400);
  CHECK(desk.post("/api/v1/incidents/1/note", R"({"txet": "x"})").status == 400);
  CHECK(desk.post("/api/v1/incidents/1/note", "text").status == 400);
  CHECK(desk.post("/api/v1/incidents/1/note", "{\"text\": \"\xff\"}").status == 400);
  CHECK(desk.post("/api/v1/incidents/1/note", Json{{"text", std::string(5000, 'x')}}.dump()).status == 400);
  CHECK(desk.post("/api/v1/incidents/9/note", R"({"text": "x"})").status == 404);
  CHECK(desk.post("/api/v1/incidents/one/note", R"({"text": "x"})").status == 404);
  CHECK(desk.taken.empty());
}

TEST_CASE("what the daemon cannot do is a conflict with its reason") {
  Desk desk;
  desk.refusal = "This incident is acknowledged already.";
  const auto answer = desk.post("/api/v1/incidents/1/acknowledge", "");
  CHECK(answer.status == 409);
  CHECK(Json::parse(answer.body)["detail"] == desk.refusal);
}

TEST_CASE("control characters and texts that turn the direction of writing do not get into a timeline") {
  Desk desk;
  CHECK(desk.post("/api/v1/incidents/1/note", R"({"text": "a\u0007b\u202ec"})").status == 200);
  CHECK(desk.taken[0].text == "a b c");
}

TEST_CASE("nobody else may say anything") {
  Desk desk;
  CHECK(test::ask(desk.routes, test::request("POST", "/api/v1/incidents/1/note", R"({"text": "x"})")).status == 403);
  CHECK(desk.taken.empty());
}
