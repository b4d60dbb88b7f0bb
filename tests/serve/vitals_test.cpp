// What /readyz and /metrics say of the daemon itself, over a real database.
#include "serve/vitals.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "serve/api.hpp"
#include "serve/ask.hpp"
#include "serve/gate.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

struct Patient {
  Patient() {
    write(test::batch_of(test::healthy_run("p", 0)));
    Daemon daemon;
    daemon.database = directory / "outaged.db";
    daemon.site = "here";
    daemon.now = [this] { return now; };
    daemon.clock = [] { return Instant{}; };
    daemon.vitals = [this] { return vitals; };
    routes = api_routes(daemon, never.get_executor(), std::make_shared<Gate>(Secret{}, daemon.now));
  }

  void write(store::Batch batch) {
    writer->submit(std::move(batch));
    REQUIRE(writer->flush(30s));
  }
  void message(const std::string& channel, const std::string& kind, Micros due_after = 0s) {
    auto one = test::message_for(1, channel, kind);
    one.not_before += due_after;
    store::Batch batch;
    batch.outbox.push_back(std::move(one));
    write(std::move(batch));
  }
  void problem(const std::string& channel) {
    store::Batch batch;
    batch.channel_problems.push_back({channel, true, test::base_time(), "the receiver's words"});
    write(std::move(batch));
  }

  Response ready() { return test::ask(routes, test::request("GET", "/readyz")); }
  std::string said() {
    const auto answer = ready();
    CHECK(answer.status == 503);
    return answer.body;
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<store::Writer> writer = test::open_writer(directory / "outaged.db");
  boost::asio::io_context never;
  WallTime now = test::base_time();
  Vitals vitals;
  std::vector<Route> routes;
};

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Patient,
                  "a daemon whose scheduler runs, whose database is written and whose outbox is empty is ready") {
  CHECK(ready().status == 200);
}

TEST_CASE_FIXTURE(Patient, "a scheduler that stands still is not ready") {
  vitals.scheduling = false;
  CHECK(mentions(said(), "the scheduler stands still"));
}

TEST_CASE_FIXTURE(Patient, "a database that takes nothing is not ready") {
  vitals.store.trouble = "disk full";
  CHECK(mentions(said(), "disk full"));
}

TEST_CASE_FIXTURE(Patient,
                  "an outbox is not ready when a channel is a problem and a message to it has waited for long") {
  problem("chat");
  message("chat", "opened", 1h);
  message("mail", "opened", 1h);
  now += 9min;
  CHECK(ready().status == 200);
  now += 2min;
  const auto answer = said();
  CHECK(mentions(answer, "messages to the channel chat have waited since 2019-07-03T14:00:00Z"));
  CHECK_FALSE(mentions(answer, "receiver's words"));
}

TEST_CASE_FIXTURE(Patient, "an outbox whose messages are due for long while nobody tries is not ready") {
  message("chat", "opened");
  message("chat", "updated", 1h);
  now += 30min;
  // All of a channel wait with the one that its receiver has put off.
  CHECK(ready().status == 200);
  now += 41min;
  CHECK(mentions(said(), "nobody sends the messages to the channel chat"));
}

TEST_CASE_FIXTURE(
    Patient, "metrics count what the scheduler and the store did, and the status says how many beats were missed") {
  vitals.schedule = {.started = 1'234'567, .missed_beats = 3, .late = 4, .given_up = 5, .refused_rechecks = 6};
  vitals.store.results = 1'234'560;
  vitals.store.queued = 7;
  vitals.store.trouble = "disk full";
  const auto metrics = test::ask(routes, test::request("GET", "/metrics")).document->plain;
  for (const char* line :
       {"outaged_scheduler_runs_started_total{site=\"here\"} 1234567",
        "outaged_scheduler_missed_beats_total{site=\"here\"} 3", "outaged_scheduler_late_runs_total{site=\"here\"} 4",
        "outaged_scheduler_given_up_runs_total{site=\"here\"} 5",
        "outaged_scheduler_refused_rechecks_total{site=\"here\"} 6",
        "outaged_store_results_written_total{site=\"here\"} 1234560", "outaged_store_waiting_batches{site=\"here\"} 7",
        "outaged_store_trouble{site=\"here\"} 1"})
    CHECK_MESSAGE(mentions(metrics, std::string{line} + "\n"), line);
  for (const char* address : {"/api/v1/status", "/api/v1/status?component=whatsapp/media-upload"}) {
    const auto answer = test::ask(routes, test::request("GET", address));
    const auto& body = answer.document ? answer.document->plain : answer.body;
    CHECK(nlohmann::json::parse(body)["daemon"]["missed_beats"] == 3);
  }
}

TEST_CASE_FIXTURE(Patient, "the phases of a run of several steps are summed up in its metrics") {
  auto run = test::failed_run("p", 1);
  REQUIRE(run.steps.size() == 2);
  const auto connect = run.steps[0].phases[Phase::connect] + run.steps[1].phases[Phase::connect];
  REQUIRE(connect == 42ms);
  write(test::batch_of(std::move(run)));
  const auto metrics = test::ask(routes, test::request("GET", "/metrics")).document->plain;
  const std::string labels = "{probe=\"p\",platform=\"whatsapp\",function=\"media-upload\",site=\"here\"";
  CHECK(mentions(metrics, "probe_http_duration_seconds" + labels + ",phase=\"connect\"} 0.042\n"));
  CHECK(mentions(metrics, "probe_http_ssl" + labels + "} 1\n"));
}
