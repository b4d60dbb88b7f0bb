// What the API answers to questions that have no answer.
#include "serve/api.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "serve/ask.hpp"
#include "serve/gate.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

struct Asked {
  Asked() {
    writer->submit(test::batch_of(test::healthy_run("p", 0)));
    REQUIRE(writer->flush(30s));
    Daemon daemon;
    daemon.database = directory / "outaged.db";
    daemon.now = [] { return test::base_time() + 1h; };
    daemon.clock = [] { return Instant{}; };
    daemon.vitals = [] { return Vitals{}; };
    daemon.maintenance = [](WallTime, WallTime) {
      return std::vector<MaintenanceWindow>{
          {3, {"whatsapp", "*"}, "New disks", test::base_time() + 30min, test::base_time() + 2h}};
    };
    routes = api_routes(daemon, never.get_executor(), std::make_shared<Gate>(Secret{}, daemon.now));
  }
  unsigned status(const std::string& target) { return test::ask(routes, test::request("GET", target)).status; }

  test::TemporaryDirectory directory;
  std::unique_ptr<store::Writer> writer = test::open_writer(directory / "outaged.db");
  boost::asio::io_context never;
  std::vector<Route> routes;
};

}  // namespace

TEST_CASE_FIXTURE(Asked, "a component that no probe watches is not found, whatever is asked of it") {
  for (const std::string target : {"/api/v1/status?component=", "/api/v1/results?component="}) {
    CAPTURE(target);
    CHECK(status(target + "whatsapp/media-upload") == 200);
    CHECK(status(target + "no/such") == 404);
    CHECK(status(target + "nonsense") == 400);
  }
  CHECK(status("/api/v1/components/whatsapp/media-upload/history") == 200);
  CHECK(status("/api/v1/components/no/such/history") == 404);
}

TEST_CASE_FIXTURE(Asked, "incidents are those that are open only where that is asked for") {
  store::Batch batch;
  batch.incidents = {test::open_incident(1), test::open_incident(2)};
  batch.incidents[1].state = IncidentState::resolved;
  batch.incidents[1].resolved_at = test::base_time() + 30min;
  writer->submit(std::move(batch));
  REQUIRE(writer->flush(30s));
  const auto shown = [this](const std::string& query) {
    const auto answer = test::ask(routes, test::request("GET", "/api/v1/incidents" + query));
    REQUIRE(answer.status == 200);
    return nlohmann::json::parse(answer.body)["incidents"].size();
  };
  for (const char* query : {"", "?open=false", "?open=0"}) CHECK(shown(query) == 2);
  for (const char* query : {"?open", "?open=", "?open=true", "?open=1"}) CHECK(shown(query) == 1);
  for (const char* query : {"?open=yes", "?open=TRUE", "?open=2", "?open=true,false"})
    CHECK(status(std::string{"/api/v1/incidents"} + query) == 400);
}

TEST_CASE_FIXTURE(Asked, "what is no end of a page of messages is refused") {
  CHECK(status("/api/v1/notifications?before=17") == 200);
  for (const char* cursor : {"yesterday", "17x", "0", "-1", "99999999999999999999"}) {
    CAPTURE(cursor);
    CHECK(status(std::string{"/api/v1/notifications?before="} + cursor) == 400);
  }
}

TEST_CASE_FIXTURE(Asked, "maintenance can be subscribed to as a calendar") {
  const auto answer = test::ask(routes, test::request("GET", "/calendar.ics"));
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "text/calendar; charset=utf-8");
  CHECK(answer.body.find("SUMMARY:New disks\r\n") != std::string::npos);
}
