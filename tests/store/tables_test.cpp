#include <doctest/doctest.h>

#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  test::TemporaryDirectory directory;
  std::string path = directory / "outaged.db";
  std::unique_ptr<store::Writer> writer = test::open_writer(path);
  store::Reader reader = test::open_reader(path);

  void write(store::Batch batch) {
    writer->submit(std::move(batch));
    REQUIRE(writer->flush(30s));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an incident comes back whole and its timeline only grows") {
  auto incident = test::open_incident(1);
  write({.incidents = {incident}});
  CHECK(reader.incident({1}) == incident);

  auto later = incident;
  later.state = IncidentState::monitoring;
  later.monitoring_at = test::base_time() + 1h;
  later.components.push_back(incident.components.front());
  later.components.back().id.function = "media-download";
  later.timeline.front().text = "rewritten";
  later.timeline.push_back(
      {test::base_time() + 1h, incident::UpdateKind::monitoring, IncidentState::monitoring, "Watching."});
  write({.incidents = {later}});
  const auto stored = reader.incident({1});
  REQUIRE(stored.has_value());
  CHECK(stored->state == IncidentState::monitoring);
  CHECK(stored->components == later.components);
  REQUIRE(stored->timeline.size() == 2);
  CHECK(stored->timeline.front().text == "Detected.");
  CHECK(stored->timeline.back() == later.timeline.back());
}

TEST_CASE_FIXTURE(Fixture, "open incidents are those that are not resolved") {
  auto resolved = test::open_incident(1);
  resolved.resolved_at = test::base_time() + 2h;
  write({.incidents = {resolved, test::open_incident(2)}});
  REQUIRE(reader.open_incidents().size() == 1);
  CHECK(reader.open_incidents().front().id.number == 2);
  CHECK(reader.incidents(test::base_time(), 10).size() == 2);
  CHECK(reader.incidents(test::base_time() + 3h, 10).size() == 1);
  CHECK(reader.last_incident_id().number == 2);
  CHECK_FALSE(reader.incident({3}).has_value());
}

TEST_CASE_FIXTURE(Fixture, "states of components and of our own network are intervals") {
  const ComponentId component{"whatsapp", "media-upload"};
  write(
      {.component_states = {{component, ComponentState::operational, test::base_time()},
                            {component, ComponentState::major_outage, test::base_time() + 1h}},
       .site_states = {
           {.online = true, .at = test::base_time(), .since = test::base_time(), .controls_failing = 0, .controls = 6},
           {.online = false,
            .at = test::base_time() + 2h,
            .since = test::base_time() + 2h,
            .controls_failing = 5,
            .controls = 6}}});
  REQUIRE(reader.component_states().size() == 1);
  CHECK(reader.component_states().front() ==
        store::ComponentStateRow{component, ComponentState::major_outage, test::base_time() + 1h});
  REQUIRE(reader.site().has_value());
  CHECK_FALSE(reader.site()->online);
  CHECK(reader.site()->controls_failing == 5);
}

TEST_CASE_FIXTURE(Fixture, "a message is written once for each channel however often it is submitted") {
  write({.outbox = {test::message_for(1, "team", "opened"), test::message_for(1, "phone", "opened")}});
  write({.outbox = {test::message_for(1, "team", "opened"), test::message_for(1, "team", "resolved")}});
  const auto pending = reader.pending_outbox();
  REQUIRE(pending.size() == 3);
  CHECK(pending[0].channel == "team");
  CHECK(pending[1].channel == "phone");
  CHECK(pending[2].kind == "resolved");
}

TEST_CASE_FIXTURE(Fixture, "a delivery ends its message or sets the time of the next attempt") {
  write({.outbox = {test::message_for(1, "a", "opened"), test::message_for(1, "b", "opened"),
                    test::message_for(1, "c", "opened")}});
  const auto rows = reader.pending_outbox();
  const auto later = test::base_time() + 30s;
  write({.deliveries = {{rows[0].id, test::base_time(), "delivered", "ok", {}},
                        {rows[1].id, test::base_time(), "retry", "HTTP 500", later},
                        {rows[2].id, test::base_time(), "failed", "no_service", {}}}});
  const auto pending = reader.pending_outbox();
  REQUIRE(pending.size() == 1);
  CHECK(pending.front().channel == "b");
  CHECK(pending.front().attempts == 1);
  CHECK(pending.front().not_before == later);
  CHECK(pending.front().detail == "HTTP 500");
  CHECK_FALSE(reader.was_given_up(rows[0].id));
  CHECK_FALSE(reader.was_given_up(rows[1].id));
  CHECK(reader.was_given_up(rows[2].id));
  CHECK_FALSE(reader.was_given_up(rows[2].id + 1));
}

TEST_CASE_FIXTURE(Fixture, "probe problems open and close") {
  detect::ProbeProblem problem;
  problem.probe = {"facebook.feed-load-page"};
  problem.component = {"facebook", "feed-load"};
  problem.kind = detect::ProblemKind::credentials;
  problem.at = problem.since = test::base_time();
  problem.detail = "the token has expired";
  write({.problems = {problem}});
  REQUIRE(reader.open_problems().size() == 1);
  CHECK(reader.open_problems().front() == problem);
  problem.open = false;
  problem.at += 1h;
  write({.problems = {problem}});
  CHECK(reader.open_problems().empty());
}

TEST_CASE_FIXTURE(Fixture, "the catalog replaces the list of probes and marks those that are gone") {
  const auto probe = [](const std::string& name, store::ProbeState state) {
    return store::ProbeRow{{name}, {"whatsapp", "media-upload"}, "Send a photo", Tier::open, 1min, state};
  };
  write({.probes = {probe("a", store::ProbeState::active), probe("b", store::ProbeState::not_configured)}});
  write({.probes = {probe("b", store::ProbeState::active)}});
  const auto rows = reader.probes();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].state == store::ProbeState::gone);
  CHECK(rows[1] == probe("b", store::ProbeState::active));
}

TEST_CASE_FIXTURE(Fixture, "counts of a component tell failures from what is inconclusive") {
  write({.probes = {{{"p"}, {"whatsapp", "media-upload"}, "", Tier::open, 1min, store::ProbeState::active}}});
  auto blocked = test::failed_run("p", 3);
  blocked.result_class = ResultClass::blocked;
  write({.results = {test::healthy_run("p", 0), test::healthy_run("p", 1), test::failed_run("p", 2), blocked}});
  const auto counts = reader.component_counts(test::base_time() + 5min, 5min);
  REQUIRE(counts.size() == 1);
  CHECK(counts.front().attempts == 3);
  CHECK(counts.front().failures == 1);
  CHECK(counts.front().inconclusive == 1);
  CHECK(counts.front().p50 == test::healthy_run("p", 0).took);
  CHECK(counts.front().last_failure == test::failed_run("p", 2).failure);
  CHECK(reader.component_counts(test::base_time() + 5min, 1min).front().attempts == 0);
}

TEST_CASE_FIXTURE(Fixture, "what ran before a component was as it is now is not counted, but was heard") {
  write({.probes = {{{"p"}, {"whatsapp", "media-upload"}, "", Tier::open, 1min, store::ProbeState::active}}});
  write({.results = {test::failed_run("p", 0), test::failed_run("p", 1), test::healthy_run("p", 2)}});
  const auto now = test::base_time() + 5min;
  const auto since = [&](Micros from) {
    return reader.component_counts(now, 5min, {{{"whatsapp", "media-upload"}, test::base_time() + from}}).front();
  };
  CHECK(since(1min).attempts == 2);
  CHECK(since(1min).failures == 1);
  CHECK(since(1min).window == 4min);
  CHECK(since(-1h).failures == 2);
  CHECK(since(-1h).window == 5min);
  CHECK(since(3min).attempts == 0);
  CHECK(since(3min).heard);
  CHECK(since(3min).p50 == test::healthy_run("p", 2).took);
  CHECK(since(3min).last_failure_at == test::failed_run("p", 1).at);
}

TEST_CASE_FIXTURE(Fixture, "the counts of a component reach back two intervals of its slowest probe, of no other one") {
  write({.probes = {{{"p"}, {"whatsapp", "media-upload"}, "", Tier::open, 1min, store::ProbeState::active},
                    {{"slow"}, {"whatsapp", "media-upload"}, "", Tier::open, 1h, store::ProbeState::active},
                    {{"other"}, {"facebook", "web"}, "", Tier::open, 1min, store::ProbeState::active},
                    {{"off"}, {"facebook", "web"}, "", Tier::open, 1h, store::ProbeState::disabled}}});
  write({.results = {test::healthy_run("slow", 0), test::healthy_run("p", 1), test::healthy_run("other", 1)}});
  const auto counts = reader.component_counts(test::base_time() + 2h, 15min);
  REQUIRE(counts.size() == 2);
  CHECK(counts[0].window == 15min);
  CHECK(counts[0].attempts == 0);
  CHECK(counts[1].window == 2h);
  CHECK(counts[1].attempts == 2);
  CHECK(reader.component_counts(test::base_time() + 3h, 15min).back().attempts == 0);
}

TEST_CASE_FIXTURE(Fixture, "the latest run of every probe and all since a time are found") {
  write({.results = {test::healthy_run("a", 0), test::failed_run("a", 5), test::healthy_run("b", 2)}});
  const auto latest = reader.latest_results();
  REQUIRE(latest.size() == 2);
  CHECK(latest[0].result_class == ResultClass::platform_failure);
  CHECK(latest[1].probe.name == "b");
  const auto since = reader.results_since(test::base_time() + 2min);
  REQUIRE(since.size() == 2);
  CHECK(since[0].probe.name == "b");
}

TEST_CASE_FIXTURE(Fixture, "detector state and facts about the daemon are kept by name") {
  write({.detector_states = {{"detector", test::base_time(), "{\"v\":1}"}}, .meta = {{"site", "office"}}});
  CHECK(reader.detector_state("detector") == store::DetectorState{"detector", test::base_time(), "{\"v\":1}"});
  CHECK_FALSE(reader.detector_state("other").has_value());
  CHECK(reader.meta("site") == "office");
}

TEST_CASE("results older than the retention are deleted and younger ones stay") {
  const test::TemporaryDirectory directory;
  const auto path = directory / "outaged.db";
  {
    auto writer = test::open_writer(path);  // a day of retention, as of base_time
    writer->submit({.results = {test::failed_run("p", -60 * 25), test::healthy_run("p", -60 * 23)}});
    REQUIRE(writer->flush(30s));
  }
  const auto again = test::open_writer(path);  // retention begins with the first commit of a run
  again->submit(test::batch_of(test::healthy_run("p", 0)));
  REQUIRE(again->flush(30s));
  REQUIRE(again->flush(30s));
  CHECK(test::open_reader(path).results({"p"}, 10).size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "user reports are counted by component, and old ones are not asked for") {
  const ComponentId upload{"whatsapp", "media-upload"};
  const ComponentId feed{"facebook", "feed-load"};
  const WallTime now = test::base_time();
  write({.user_reports = {{upload, now - 2h}, {upload, now}, {upload, now + 1s}, {feed, now}}});
  write({.user_reports = {{upload, now + 2s}}});
  const auto reports = reader.user_reports(now - 1h);
  CHECK(reports == std::map<ComponentId, std::int64_t>{{upload, 3}, {feed, 1}});
  CHECK(reader.user_reports(now + 1h).empty());
}

TEST_CASE_FIXTURE(Fixture, "what a status page says replaces what it said before") {
  const VendorClaim first{"Cloud API", {"whatsapp"}, VendorState::outage, "High disruptions", test::base_time()};
  const VendorClaim second{"Graph API", {"facebook", "instagram"}, VendorState::fine, "No known issues", {}};
  write({.vendor_readings = {{{"vendor.meta"}, "Meta", test::base_time(), {first}}}});
  write({.vendor_readings = {{{"vendor.shop"}, "Shop", test::base_time(), {first}}}});
  write({.vendor_readings = {{{"vendor.meta"}, "Meta", test::base_time() + 3min, {second}}}});
  const auto rows = reader.vendor_claims();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].claim == second);
  CHECK(rows[0].vendor == "Meta");
  CHECK(rows[0].read_at == test::base_time() + 3min);
  CHECK(rows[1].claim == first);
}

TEST_CASE_FIXTURE(Fixture, "what a probe has left behind is kept until it is gone") {
  Leftover first{{"whatsapp.media"}, 3, test::base_time(), {{"media_id", "17'\"x"}}, 0};
  const Leftover second{{"whatsapp.media"}, 3, test::base_time() + 1min, {{"media_id", "18"}}, 0};
  write({.leftovers = {{first}, {second}}});
  CHECK(reader.leftovers() == std::vector<Leftover>{first, second});
  first.attempts = 2;
  write({.leftovers = {{first}}});
  CHECK(reader.leftovers().front().attempts == 2);
  write({.leftovers = {{second, true}}});
  CHECK(reader.leftovers() == std::vector<Leftover>{first});
}

TEST_CASE_FIXTURE(Fixture, "what a server called a thing is kept and forgotten also when it is no UTF-8") {
  const Leftover odd{{"whatsapp.media"}, 3, test::base_time(), {{"media_id", "17\xff\xfe"}}, 0};
  write({.leftovers = {{odd}}});
  REQUIRE(reader.leftovers().size() == 1);
  CHECK(reader.leftovers().front().saved.at("media_id") == "17\uFFFD\uFFFD");
  write({.leftovers = {{odd, true}}});
  CHECK(reader.leftovers().empty());
  CHECK(writer->stats().unusable == 0);
}
