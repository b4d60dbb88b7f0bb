// What /readyz and /metrics say of the daemon itself, over a real database.
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "serve/api.hpp"
#include "serve/ask.hpp"
#include "serve/gate.hpp"
#include "serve/vitals.hpp"
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
