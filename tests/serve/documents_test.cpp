// What the status says of a database as a whole.
#include "serve/documents.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "serve/status_text.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

const ComponentId kHeardOf{"whatsapp", "media-upload"};
const ComponentId kSilent{"whatsapp", "login"};

store::Batch known(const ComponentId& component, const std::string& probe) {
  store::Batch batch;
  batch.component_states.push_back({component, ComponentState::operational, test::base_time()});
  auto run = test::healthy_run(probe, 0);
  run.component = component;
  batch.results.push_back(run);
  return batch;
}

nlohmann::json status_at(const std::string& database, WallTime now) {
  auto reader = test::open_reader(database);
  View view;
  view.now = now;
  return status_document(reader, view);
}

/// A database and who writes it.
struct Fixture {
  const test::TemporaryDirectory directory;
  const std::string database = directory / "outaged.db";
  std::unique_ptr<store::Writer> writer = test::open_writer(database);

  /// One component is watched, and has answered once.
  void hear_of(Micros interval) {
    store::Batch probes;
    probes.probes.push_back({{"w.upload"}, kHeardOf, "t", Tier::open, interval, store::ProbeState::active});
    writer->submit(std::move(probes));
    writer->submit(known(kHeardOf, "w.upload"));
    REQUIRE(writer->flush(10s));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "the end of a page of results is the beginning of the next, also between runs of one millisecond") {
  writer->submit({.results = {test::healthy_run("a", 0), test::healthy_run("b", 0)}});
  REQUIRE(writer->flush(10s));
  auto reader = test::open_reader(database);
  const auto first = results_document(reader, {}, {test::base_time() + 1h}, 1);
  CHECK(first["results"][0]["probe"] == "a");
  const auto place = parse_cursor(first.value("next", ""));
  REQUIRE(place.has_value());
  const auto second = results_document(reader, {}, *place, 1);
  CHECK(second["results"][0]["probe"] == "b");
  CHECK_FALSE(second.contains("next"));
}

TEST_CASE_FIXTURE(Fixture, "messages are read page by page, the newest first, until there are no more") {
  store::Batch batch;
  for (const char* kind : {"opened", "updated", "resolved"}) batch.outbox.push_back(test::message_for(1, "chat", kind));
  writer->submit(std::move(batch));
  REQUIRE(writer->flush(10s));
  auto reader = test::open_reader(database);
  const auto first = notifications_document(reader, 1'000'000, 2);
  REQUIRE(first["notifications"].size() == 2);
  CHECK(first["notifications"][0]["kind"] == "resolved");
  REQUIRE(first.contains("next"));
  const auto second = notifications_document(reader, std::stoll(first["next"].get<std::string>()), 2);
  REQUIRE(second["notifications"].size() == 1);
  CHECK(second["notifications"][0]["kind"] == "opened");
  CHECK_FALSE(second.contains("next"));
}

TEST_CASE("what is no end of a page is no cursor") {
  for (const char* text : {"", "/", "a/b", "2019-07-03T14:00:00Z", "2019-07-03T14:00:00Z/", "2019-07-03T14:00:00Z/A b"})
    CHECK_FALSE(parse_cursor(text).has_value());
}

TEST_CASE_FIXTURE(Fixture, "nobody is told that everything works while nothing is known of a part of it") {
  store::Batch probes;
  probes.probes.push_back({{"w.upload"}, kHeardOf, "t", Tier::open, 1min, store::ProbeState::active});
  probes.probes.push_back({{"w.login"}, kSilent, "t", Tier::open, 1min, store::ProbeState::active});
  probes.probes.push_back(
      {{"meta"}, {std::string{kVendorPlatform}, "status"}, "t", Tier::open, 1min, store::ProbeState::active});
  writer->submit(std::move(probes));
  writer->submit(known(kHeardOf, "w.upload"));
  REQUIRE(writer->flush(10s));
  auto status = status_at(database, test::base_time() + 1min);
  CHECK(status["indicator"] == "operational");
  CHECK(status["summary"] == "What is known works; 1 of 2 functions is not known.");

  writer->submit(known(kSilent, "w.login"));
  REQUIRE(writer->flush(10s));
  status = status_at(database, test::base_time() + 1min);
  CHECK(status["summary"] == "Everything that is probed works.");
}

TEST_CASE_FIXTURE(Fixture, "nobody is told that everything works while nothing can be recorded") {
  hear_of(1min);
  auto reader = test::open_reader(database);
  View view;
  view.now = test::base_time() + 1min;
  view.vitals.emplace();
  CHECK(status_document(reader, view)["indicator"] == "operational");
  view.vitals->store.trouble = "database or disk is full";
  const auto status = status_document(reader, view);
  CHECK(status["indicator"] == "unknown");
  CHECK(status["summary"] ==
        "The database cannot be written (database or disk is full): what is found is not recorded.");
}

TEST_CASE_FIXTURE(Fixture,
                  "a share is of what ran since the component is as it is, and agrees with the counts beside it") {
  store::Batch batch;
  batch.probes.push_back({{"w.upload"}, kHeardOf, "t", Tier::open, 1min, store::ProbeState::active});
  for (int minute = 0; minute < 6; ++minute) {
    auto run = minute < 3 ? test::failed_run("w.upload", minute) : test::healthy_run("w.upload", minute);
    run.component = kHeardOf;
    batch.results.push_back(std::move(run));
  }
  writer->submit(std::move(batch));
  const auto believe = [&](ComponentState state, Micros since) {
    store::Batch belief;
    belief.component_states.push_back({kHeardOf, state, test::base_time() + since});
    writer->submit(std::move(belief));
    REQUIRE(writer->flush(10s));
    return status_at(database, test::base_time() + 6min)["components"].at(0);
  };
  const auto failing = believe(ComponentState::major_outage, 1min);
  CHECK(failing["attempts"] == 5);
  CHECK(failing["failures"] == 2);
  CHECK(failing["failure_share"] == doctest::Approx(0.4));
  CHECK(failing["window"] == "5m");
  const auto works = believe(ComponentState::operational, 3min + 1s);
  CHECK(works["attempts"] == 2);
  CHECK(works["failure_share"] == 0);
  const auto fresh = believe(ComponentState::operational, 5min + 30s);
  CHECK(fresh["state"] == "operational");
  CHECK(fresh["attempts"] == 0);
}

TEST_CASE_FIXTURE(Fixture, "what an hourly probe found stays known until it was asked twice more") {
  hear_of(1h);
  const auto component_at = [this](WallTime now) { return status_at(database, now)["components"].at(0); };
  CHECK(component_at(test::base_time() + 59min)["state"] == "operational");
  CHECK(component_at(test::base_time() + 59min)["window"] == "59m");
  CHECK(component_at(test::base_time() + 2h + 1min)["state"] == "unknown");
}

TEST_CASE_FIXTURE(
    Fixture,
    "nothing is operational while most of what is watched is not known, and a budget that is used up is named") {
  const WallTime now = test::base_time() + 1min;
  store::Batch probes;
  for (const char* function : {"media-upload", "login", "message", "web"}) {
    probes.probes.push_back(
        {{std::string{"w."} + function}, {"whatsapp", function}, "t", Tier::open, 1min, store::ProbeState::active});
  }
  const nlohmann::json owner = {
      {"owner", "whatsapp"}, {"requests", 30}, {"bytes", 0}, {"used_up_until", format_time(now + 1h)}};
  const nlohmann::json budgets = {{"owners", nlohmann::json::array({owner})}, {"left_alone", nlohmann::json::object()}};
  probes.meta.push_back({"budgets", budgets.dump()});
  writer->submit(std::move(probes));
  writer->submit(known(kHeardOf, "w.media-upload"));
  REQUIRE(writer->flush(10s));
  auto status = status_at(database, now);
  CHECK(status["indicator"] == "unknown");
  CHECK(status["summary"] ==
        "3 of 4 functions are not known; what is known works. The budget of whatsapp is used up "
        "until " +
            format_clock(now + 1h) + " UTC.");
  auto reader = test::open_reader(database);
  const auto document = probes_document(reader);
  CHECK(document["probes"][0]["budget_used_up_until"] == format_time(now + 1h));
  CHECK(render_probes(document["probes"], {}).find("budget used up until " + format_clock(now + 1h)) !=
        std::string::npos);

  writer->submit(known(kSilent, "w.login"));
  REQUIRE(writer->flush(10s));
  CHECK(status_at(database, now)["indicator"] == "operational");
  CHECK(status_at(database, now + 1h)["summary"].get<std::string>().find("budget") == std::string::npos);

  store::Batch asked_less;
  const nlohmann::json rests = {
      {"owners", nlohmann::json::array()},
      {"left_alone", {{"w.login", format_time(now + 1h)}}},
      {"why",
       {{"w.login", {{"left_alone_reason", "usage"}, {"usage_percent", 97}}}, {"w.web", {{"usage_percent", 80}}}}}};
  asked_less.meta.push_back({"budgets", rests.dump()});
  writer->submit(std::move(asked_less));
  REQUIRE(writer->flush(10s));
  const auto shown = render_probes(probes_document(reader)["probes"], {});
  CHECK(shown.find("left alone until " + format_clock(now + 1h) + ": 97 % of what the platform allows is used") !=
        std::string::npos);
  CHECK(shown.find("active, asked half as often: 80 % of what the platform allows") != std::string::npos);
}
