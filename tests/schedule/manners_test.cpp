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
  CHECK(manners.rest(neighbour, kStart) == Rest{kStart + 15min});
  CHECK_FALSE(manners.allows(neighbour, Trigger::scheduled, settings, kStart + 14min));
  CHECK(manners.allows(one, Trigger::scheduled, settings, kStart + 15min));
  manners.spent(one, refused("a"), kStart + 15min);
  CHECK(manners.rest(one, kStart + 15min) == Rest{kStart + 45min});
  for (int i = 0; i < 20; ++i) manners.spent(one, refused("a"), kStart + 45min);
  CHECK(manners.rest(one, kStart + 45min) == Rest{kStart + 45min + 6h});
  manners.spent(one, answered(1, 0), kStart + 46min);
  CHECK_FALSE(manners.rest(one, kStart + 46min).has_value());
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
  CHECK(after.rest(one, booted) == Rest{booted + 29min});
  const auto spending = after.spending(settings, booted);
  REQUIRE(spending.size() == 1);
  CHECK(spending[0].requests == 64);
  CHECK(spending[0].bytes == 7);
  CHECK(after.spending(settings, booted + 40min).front().requests == 4);
  CHECK(after.spending(settings, booted + 60min).front().requests == 0);
  after.spent(one, refused("a"), booted + 30min);
  CHECK(after.rest(one, booted + 30min) == Rest{booted + 30min + 1h});
}

namespace {

/// An answer with the platform's word on how much is used.
Result used(int percent, Micros regain = Micros{0}) {
  Result result = answered(1, 0);
  result.usage = {percent, regain};
  return result;
}

/// A credential that three probes of Meta's may share.
Entry signed_in(const std::string& probe) {
  return {ProbeId{probe}, 1min, "facebook", {Tier::authenticated, "graph", "page_token"}};
}

}  // namespace

TEST_CASE("nearly all of what the platform allows is used: left alone, for as long as the platform says") {
  const Settings settings;
  Manners manners;
  const Entry one = signed_in("a");
  manners.spent(one, used(94), kStart);
  CHECK_FALSE(manners.rest(one, kStart).has_value());
  manners.spent(one, used(95), kStart);
  CHECK(manners.rest(signed_in("b"), kStart) == Rest{kStart + 15min, RestReason::usage});
  CHECK_FALSE(manners.allows(one, Trigger::scheduled, settings, kStart + 14min));
  CHECK(manners.allows(one, Trigger::manual, settings, kStart + 14min));
  CHECK(manners.allows(one, Trigger::scheduled, settings, kStart + 15min));
  manners.spent(one, used(100, 40min), kStart + 15min);
  CHECK(manners.rest(one, kStart + 15min) == Rest{kStart + 55min, RestReason::usage});
  manners.spent(one, used(100, 24h), kStart + 55min);
  CHECK(manners.rest(one, kStart + 55min) == Rest{kStart + 55min + 6h, RestReason::usage});
  // A person asked, and was told that it is better now.
  manners.spent(one, used(74), kStart + 2h);
  CHECK_FALSE(manners.rest(one, kStart + 2h).has_value());
}

TEST_CASE("what the platform says holds for that credential, until it says something else or an hour has passed") {
  Manners manners;
  const Entry one = signed_in("a");
  Entry other = one;
  other.target.credential = "user_token";
  manners.spent(one, used(80), kStart);
  CHECK(manners.usage_percent(one, kStart) == 80);
  CHECK_FALSE(manners.usage_percent(other, kStart).has_value());
  manners.spent(one, answered(1, 0), kStart + 10min);
  CHECK(manners.usage_percent(one, kStart + 59min) == 80);
  CHECK_FALSE(manners.usage_percent(one, kStart + 60min).has_value());
  manners.spent(one, used(90), kStart + 2h);
  manners.spent(one, used(74), kStart + 2h);
  CHECK_FALSE(manners.usage_percent(one, kStart + 2h).has_value());
}

TEST_CASE("who turns us away and names a time is left alone for that long at once, within a bound") {
  Manners manners;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  Result wait = refused("a");
  wait.usage.retry_after = 40min;
  manners.spent(one, wait, kStart);
  CHECK(manners.rest(one, kStart) == Rest{kStart + 40min, RestReason::asked_to_wait});
  CHECK_FALSE(manners.rest(one, kStart + 40min).has_value());
  wait.usage.retry_after = 1min;
  for (int i = 0; i < 2; ++i) manners.spent(one, wait, kStart + 40min);
  CHECK(manners.rest(one, kStart + 40min) == Rest{kStart + 55min, RestReason::turned_away});
  wait.usage.retry_after = 24h;
  manners.spent(one, wait, kStart + 55min);
  CHECK(manners.rest(one, kStart + 55min) == Rest{kStart + 55min + 6h, RestReason::turned_away});
}

TEST_CASE("a platform that fails is asked as before, whatever time it names: its outage is what we are here for") {
  Manners manners;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  Result failed = refused("a");
  failed.result_class = ResultClass::platform_failure;
  failed.failure->kind = "gateway_503";
  failed.usage.retry_after = 1h;
  for (int i = 0; i < 4; ++i) manners.spent(one, failed, kStart);
  CHECK_FALSE(manners.rest(one, kStart).has_value());
}

TEST_CASE("a restart forgets nothing of what the platform said, and reads what a version kept that did not listen") {
  const WallTime wall{std::chrono::hours{500'000}};
  Manners before;
  before.spent(signed_in("a"), used(97, 30min), kStart);
  const auto saved = before.save(kStart, wall);
  Manners after;
  const Instant booted{std::chrono::seconds{10}};
  REQUIRE(after.load(saved, booted, wall + 10min));
  CHECK(after.rest(signed_in("a"), booted) == Rest{booted + 20min, RestReason::usage});
  CHECK(after.usage_percent(signed_in("a"), booted) == 97);
  auto older = saved;
  older.erase("used");
  REQUIRE(after.load(older, booted, wall + 10min));
  CHECK_FALSE(after.rest(signed_in("a"), booted).has_value());
}

TEST_CASE("a clock that was set back makes no rest longer than the longest") {
  Manners before;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  const WallTime wall{std::chrono::hours{500'000}};
  for (int i = 0; i < 3; ++i) before.spent(one, refused("a"), kStart);
  Manners after;
  REQUIRE(after.load(before.save(kStart, wall), kStart, wall - 24h));
  CHECK(after.rest(one, kStart) == Rest{kStart + 6h});
  CHECK(after.spending({}, kStart).front().requests == 3);
}

TEST_CASE("what cannot be read is refused and changes nothing") {
  Manners manners;
  const Entry one{ProbeId{"a"}, 1min, "meta", {Tier::open, "www", ""}};
  for (int i = 0; i < 3; ++i) manners.spent(one, refused("a"), kStart);
  const WallTime wall{std::chrono::hours{500'000}};
  for (const char* text : {"{}", "[]", R"({"asked": {"meta": [[1]]}, "refused": []})"})
    CHECK_FALSE(manners.load(nlohmann::json::parse(text), kStart, wall));
  CHECK(manners.rest(one, kStart) == Rest{kStart + 15min});
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

TEST_CASE("while much of what the platform allows is used, every other beat is left out and no re-check is granted") {
  Stage stage;
  auto mine = entry("a", 1min);
  mine.target = {Tier::authenticated, "graph", "page_token"};
  stage.load({mine});
  stage.answers = [](Result& result) { result.usage.percent = 80; };
  stage.run_for(10min);
  CHECK(stage.runs.size() == 5);
  CHECK(stage.scheduler.probe_stats(0).usage_percent == 80);
  CHECK_FALSE(stage.scheduler.request_recheck(ProbeId{"a"}, 2s));
  CHECK(stage.scheduler.run_now(0, [](const auto&) {}));
  stage.answers = [](Result& result) { result.usage.percent = 60; };
  stage.run_for(4min);
  stage.runs.clear();
  stage.run_for(10min);
  CHECK(stage.runs.size() == 10);
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
