#include "schedule/manners.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

namespace {

Result refused(const std::string& probe) {
  Result result;
  result.probe = ProbeId{probe};
  result.result_class = ResultClass::blocked;
  result.failure = Failure{Layer::http, Phase::receive, "status_429", ""};
  return result;
}

Result answered(std::size_t requests, std::uint64_t bytes) {
  Result result;
  result.steps.resize(requests);
  result.steps.front().bytes_received = bytes;
  return result;
}

const Instant kStart{std::chrono::hours{1000}};

}  // namespace

TEST_CASE("an owner's budget of requests bounds its runs, and quick re-checks end sooner") {
  Settings settings;
  settings.budget = {100, {0}};
  Manners manners;
  const Entry one{ProbeId{"a"}, 1min, "meta"};
  CHECK(manners.allows(one, Trigger::recheck, settings, kStart));
  manners.spent(one, answered(75, 0), kStart);
  CHECK_FALSE(manners.allows(one, Trigger::recheck, settings, kStart));
  CHECK(manners.allows(one, Trigger::scheduled, settings, kStart));
  manners.spent(one, answered(25, 0), kStart + 1min);
  CHECK_FALSE(manners.allows(one, Trigger::scheduled, settings, kStart + 1min));
  CHECK(manners.allows(one, Trigger::manual, settings, kStart + 1min));
  CHECK(manners.allows(Entry{ProbeId{"b"}, 1min, "other"}, Trigger::scheduled, settings, kStart + 1min));
  CHECK(manners.allows(one, Trigger::scheduled, settings, kStart + 60min));
}

TEST_CASE("bytes have a budget of their own, and an owner may have another one") {
  Settings settings;
  settings.budget = {0, {1000}};
  settings.budgets["own"] = {0, {0}};
  Manners manners;
  const Entry theirs{ProbeId{"a"}, 1min, "meta"};
  const Entry ours{ProbeId{"b"}, 1min, "own"};
  for (const Entry& each : {theirs, ours}) manners.spent(each, answered(1, 1000), kStart);
  CHECK_FALSE(manners.allows(theirs, Trigger::scheduled, settings, kStart));
  CHECK(manners.allows(ours, Trigger::scheduled, settings, kStart));
  const auto spending = manners.spending(settings, kStart);
  REQUIRE(spending.size() == 2);
  CHECK(spending[0] == Spending{"meta", 1, 1000, {0, {1000}}, kStart + 60min});
  CHECK_FALSE(spending[1].used_up_until.has_value());
}

TEST_CASE("a budget that is used up says when something may be asked again") {
  Settings settings;
  settings.budget = {100, {0}};
  Manners manners;
  const Entry one{ProbeId{"a"}, 1min, "meta"};
  manners.spent(one, answered(99, 0), kStart + 30s);
  CHECK_FALSE(manners.spending(settings, kStart + 30s).front().used_up_until.has_value());
  manners.spent(one, answered(1, 0), kStart + 5min);
  CHECK(manners.spending(settings, kStart + 6min).front().used_up_until == kStart + 60min);
  CHECK_FALSE(manners.allows(one, Trigger::scheduled, settings, kStart + 60min - 1s));
  CHECK(manners.allows(one, Trigger::scheduled, settings, kStart + 60min));
}

TEST_CASE("a target that turns us away is left alone, twice as long each time, until it answers") {
  const Settings settings;
  Manners manners;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  const Entry neighbour{ProbeId{"b"}, 1min, "meta", {Tier::open, "www", ""}};
  manners.spent(one, refused("a"), kStart);
  manners.spent(one, refused("a"), kStart);
  CHECK(manners.allows(one, Trigger::scheduled, settings, kStart));
  manners.spent(one, refused("a"), kStart);
  CHECK(manners.left_alone_until(neighbour, kStart) == kStart + 15min);
  CHECK_FALSE(manners.allows(neighbour, Trigger::scheduled, settings, kStart + 14min));
  CHECK(manners.allows(one, Trigger::scheduled, settings, kStart + 15min));
  manners.spent(one, refused("a"), kStart + 15min);
  CHECK(manners.left_alone_until(one, kStart + 15min) == kStart + 45min);
  for (int i = 0; i < 20; ++i) manners.spent(one, refused("a"), kStart + 45min);
  CHECK(manners.left_alone_until(one, kStart + 45min) == kStart + 45min + 6h);
  manners.spent(one, answered(1, 0), kStart + 46min);
  CHECK_FALSE(manners.left_alone_until(one, kStart + 46min).has_value());
}

TEST_CASE("a token that is refused is left alone although the host serves another one, which goes on") {
  const Settings settings;
  Manners manners;
  const Entry page{ProbeId{"f.page"}, 1min, "facebook", {Tier::authenticated, "graph", "page_token"}};
  const Entry number{ProbeId{"w.number"}, 1min, "whatsapp", {Tier::authenticated, "graph", "cloud_token"}};
  for (int i = 0; i < 3; ++i) {
    manners.spent(page, refused("f.page"), kStart);
    manners.spent(number, answered(1, 0), kStart);
  }
  CHECK_FALSE(manners.allows(page, Trigger::scheduled, settings, kStart + 14min));
  CHECK(manners.allows(number, Trigger::scheduled, settings, kStart + 14min));
}

TEST_CASE("a restart forgets neither what was asked nor who is left alone, also when the machine starts anew") {
  Settings settings;
  settings.budget = {100, {0}};
  Manners before;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  const WallTime wall{std::chrono::hours{500'000}};
  before.spent(one, answered(60, 7), kStart);
  for (int i = 0; i < 4; ++i) before.spent(one, refused("a"), kStart + 20min);
  const auto saved = before.save(kStart + 20min, wall + 20min);

  Manners after;
  const Instant booted{std::chrono::seconds{10}};
  REQUIRE(after.load(saved, booted, wall + 21min));
  CHECK(after.left_alone_until(one, booted) == booted + 29min);
  const auto spending = after.spending(settings, booted);
  REQUIRE(spending.size() == 1);
  CHECK(spending[0].requests == 64);
  CHECK(spending[0].bytes == 7);
  CHECK(after.spending(settings, booted + 40min).front().requests == 4);
  CHECK(after.spending(settings, booted + 60min).front().requests == 0);
  after.spent(one, refused("a"), booted + 30min);
  CHECK(after.left_alone_until(one, booted + 30min) == booted + 30min + 1h);
}

TEST_CASE("a clock that was set back makes no rest longer than the longest") {
  Manners before;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  const WallTime wall{std::chrono::hours{500'000}};
  for (int i = 0; i < 3; ++i) before.spent(one, refused("a"), kStart);
  Manners after;
  REQUIRE(after.load(before.save(kStart, wall), kStart, wall - 24h));
  CHECK(after.left_alone_until(one, kStart) == kStart + 6h);
  CHECK(after.spending({}, kStart).front().requests == 3);
}

TEST_CASE("what cannot be read is refused and changes nothing") {
  Manners manners;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  for (int i = 0; i < 3; ++i) manners.spent(one, refused("a"), kStart);
  const WallTime wall{std::chrono::hours{500'000}};
  for (const char* text : {"{}", "[]", R"({"asked": {"meta": [[1]]}, "refused": []})"})
    CHECK_FALSE(manners.load(nlohmann::json::parse(text), kStart, wall));
  CHECK(manners.left_alone_until(one, kStart) == kStart + 15min);
}

TEST_CASE("beats beyond the budget are left out and counted") {
  Settings settings = Stage::steady();
  settings.budget = {5, {0}};
  Stage stage(settings);
  stage.load({entry("a", 1min)});
  stage.run_for(30min);
  CHECK(stage.runs.size() == 5);
  CHECK(stage.scheduler.stats().refrained == 25);
}

TEST_CASE("a probe keeps its spacing whoever asks for it") {
  Stage stage;
  auto spaced = entry("a", 10min);
  spaced.spacing = 5min;
  stage.load({spaced});
  stage.run_for(10min);
  REQUIRE(stage.runs.size() == 1);
  while (stage.queue.now() < stage.runs.front().at + 5min) stage.run_for(1min);
  CHECK(stage.scheduler.run_now(0, [](const auto&) {}));
  stage.run_for(1s);
  CHECK_FALSE(stage.scheduler.run_now(0, [](const auto&) {}));
  CHECK_FALSE(stage.scheduler.request_recheck(ProbeId{"a"}, 2s));
}

TEST_CASE("what is asked on behalf of a probe outside of its runs counts as well") {
  Stage stage;
  auto mine = entry("a", 1000h);
  mine.owner = "meta";
  stage.load({mine});
  stage.scheduler.count(ProbeId{"a"}, answered(3, 700).steps);
  stage.scheduler.count(ProbeId{"nobody"}, answered(3, 700).steps);
  const auto spending = stage.scheduler.spending();
  REQUIRE(spending.size() == 1);
  CHECK(spending[0].owner == "meta");
  CHECK(spending[0].requests == 3);
  CHECK(spending[0].bytes == 700);
}
