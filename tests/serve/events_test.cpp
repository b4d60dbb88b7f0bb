// The event stream beside the pages, over a real database.
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "serve/api.hpp"
#include "serve/ask.hpp"
#include "serve/gate.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

std::string last_id_of(const std::string& piece) {
  const auto at = piece.rfind("id: ");
  return piece.substr(at + 4, piece.find('\n', at) - at - 4);
}

/// All routes of a daemon whose clock goes on by a minute at every request. The stream's own looks are left out: their
/// context never runs.
struct Audience {
  Audience() {
    Daemon daemon;
    daemon.database = directory / "outaged.db";
    daemon.now = [] { return test::base_time() + 1h; };
    daemon.clock = [this] { return clock; };
    daemon.vitals = [] { return Vitals{}; };
    daemon.maintenance = [](WallTime, WallTime) { return std::vector<MaintenanceWindow>{}; };
    write(0);
    routes = api_routes(daemon, never.get_executor(), std::make_shared<Gate>(Secret{}, daemon.now));
  }

  void write(int minute) { write(minute, {"p"}); }
  void write(int minute, const std::vector<std::string>& probes) {
    store::Batch batch;
    for (const auto& probe : probes) batch.results.push_back(test::healthy_run(probe, 55 + minute));
    writer->submit(std::move(batch));
    REQUIRE(writer->flush(30s));
  }

  /// An id of the stream, after one event of its.
  std::string some_id() {
    const auto stream = get("/events").stream;
    write(0, {"seen"});
    get("/api/v1/status");
    return last_id_of(next(*stream));
  }

  Response get(const std::string& target, const std::string& seen = {}) {
    clock += 1min;
    auto asked = test::request("GET", target);
    if (!seen.empty()) asked.headers["last-event-id"] = seen;
    return test::ask(routes, std::move(asked));
  }

  /// What the stream has already; empty when it would have to wait.
  std::string next(Stream& stream) {
    std::string piece;
    auto wait = stream.next();
    boost::asio::co_spawn(listening, std::move(wait),
                          [&piece](const std::exception_ptr&, std::string got) { piece = std::move(got); });
    listening.restart();
    listening.poll();
    return piece;
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<store::Writer> writer = test::open_writer(directory / "outaged.db");
  boost::asio::io_context listening;
  boost::asio::io_context never;
  Instant clock{};
  std::vector<Route> routes;
};

}  // namespace

TEST_CASE_FIXTURE(Audience, "whatever page is looked at first, its news goes to those who listen") {
  REQUIRE(get("/").status == 200);
  const auto stream = get("/events").stream;
  REQUIRE(stream);
  CHECK(next(*stream).find("event:") == std::string::npos);
  int minute = 0;
  for (const char* page : {"/", "/incidents", "/metrics", "/components/whatsapp/media-upload", "/api/v2/summary.json",
                           "/badge/whatsapp/media-upload.svg", "/api/v1/status", "/api/v1/components"}) {
    CAPTURE(page);
    write(++minute);
    get(page);
    CHECK(next(*stream).find("event: result") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(Audience, "a listener that comes back gets what happened while nobody listened") {
  REQUIRE(get("/").status == 200);
  auto stream = get("/events").stream;
  write(1);
  REQUIRE(get("/api/v1/status").status == 200);
  const auto seen = last_id_of(next(*stream));
  stream.reset();
  write(2);
  stream = get("/events", seen).stream;
  REQUIRE(stream);
  CHECK(next(*stream).find("event: result") != std::string::npos);
}

TEST_CASE_FIXTURE(Audience, "a listener that missed more than fits is told so and gets nothing of it") {
  REQUIRE(get("/").status == 200);
  const auto seen = some_id();
  // 200 of the newest at a look, of some hundred bytes each.
  std::vector<std::string> probes;
  for (int i = 0; i < 200; ++i) probes.push_back("probe-with-a-long-name-" + std::to_string(i));
  for (int look = 0; look < 2; ++look) {
    write(look, probes);
    get("/api/v1/status");
  }
  const auto stream = get("/events", seen).stream;
  const auto first = next(*stream);
  CHECK(first.find("event: reset\n") != std::string::npos);
  CHECK(first.find("event: result") == std::string::npos);
  write(3);
  get("/api/v1/status");
  CHECK(next(*stream).find("event: result") != std::string::npos);
}

TEST_CASE_FIXTURE(Audience,
                  "ids of another run, of the future and of no kind are answered with a reset, and its id is known") {
  REQUIRE(get("/").status == 200);
  const auto seen = some_id();
  const auto run = seen.substr(0, seen.find('-'));
  Audience restarted;
  REQUIRE(restarted.get("/").status == 200);
  for (const auto& id :
       {restarted.some_id(), std::string{"999999"}, std::string{"1"}, run + "-999999", run + "-1x", run + "-"}) {
    CAPTURE(id);
    const auto stream = get("/events", id).stream;
    const auto first = next(*stream);
    CHECK(first.find("event: reset\n") != std::string::npos);
    const auto again = get("/events", last_id_of(first)).stream;
    CHECK(next(*again).find("event: reset") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(Audience, "a new listener and one that comes back to what is remembered are told to reset nothing") {
  REQUIRE(get("/").status == 200);
  const auto seen = some_id();
  for (const auto& id : {std::string{}, seen}) {
    const auto stream = get("/events", id).stream;
    CHECK(next(*stream).find("event: reset") == std::string::npos);
  }
}
