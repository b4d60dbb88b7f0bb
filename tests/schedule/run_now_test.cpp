#include <doctest/doctest.h>

#include "stage.hpp"

using namespace outaged;
using namespace outaged::schedule;

TEST_CASE("a run asked for begins at once and its result goes to the asker and to the sink") {
  Stage stage;
  stage.load({entry("a", 1000h), entry("b", 1000h)});
  std::vector<Result> told;
  CHECK(stage.scheduler.run_now(1, [&](const auto& result) { told.push_back(*result); }));
  stage.run_for(1s);
  REQUIRE(told.size() == 1);
  CHECK(told[0].probe.name == "b");
  CHECK(told[0].trigger == Trigger::manual);
  CHECK(stage.results == told);
  CHECK(stage.runs.at(0).at == Instant{});
}

TEST_CASE("a run asked for waits for the one under way and does not overlap it") {
  Stage stage;
  stage.load({entry("a", 1000h)});
  stage.takes["a"] = 10s;
  int first = 0;
  int later = 0;
  stage.scheduler.run_now(0, [&](const auto&) { ++first; });
  stage.run_for(1s);
  stage.scheduler.run_now(0, [&](const auto&) { ++later; });
  stage.scheduler.run_now(0, [&](const auto&) { ++later; });
  stage.run_for(10s);
  CHECK(first == 1);
  CHECK(later == 0);
  stage.run_for(10s);
  CHECK(first == 1);
  CHECK(later == 2);  // two askers, one run
  CHECK(stage.runs.size() == 2);
  CHECK(stage.most_of_one == 1);
}

TEST_CASE("a run asked for goes before all that wait") {
  Settings settings = Stage::steady();
  settings.max_running = 1;
  Stage stage{settings};
  auto entries = many(20, 10s);
  entries.push_back(entry("mine", 1000h));
  stage.load(entries);
  for (const Entry& each : stage.entries) stage.takes[each.id.name] = 5s;
  stage.run_for(1min);
  REQUIRE(stage.scheduler.stats().waiting > 10);
  const auto before = stage.runs.size();
  SUBCASE("a probe that was not in line") {
    stage.scheduler.run_now(20, [](const auto&) {});
    stage.run_for(6s);
    CHECK(stage.runs.at(before).probe == "mine");
  }
  SUBCASE("a probe that was in line runs once") {
    std::size_t waiting = 0;
    while (!stage.scheduler.probe_stats(waiting).waiting) ++waiting;
    const auto in_line = stage.scheduler.stats().waiting;
    stage.scheduler.run_now(waiting, [](const auto&) {});
    CHECK(stage.scheduler.stats().waiting == in_line);
    stage.run_for(6s);
    CHECK(stage.runs.at(before).probe == stage.entries[waiting].id.name);
    CHECK(stage.runs.at(before).trigger == Trigger::manual);
  }
}

TEST_CASE("a run of a probe that is not there is refused") {
  Stage stage;
  stage.load({entry("a", 10s)});
  CHECK_FALSE(stage.scheduler.run_now(1, [](const auto&) {}));
}

TEST_CASE("the asker may ask again from within the answer") {
  Stage stage;
  stage.load({entry("a", 1000h)});
  int answers = 0;
  std::function<void(const std::optional<Result>&)> ask = [&](const auto&) {
    if (++answers < 3) stage.scheduler.run_now(0, ask);
  };
  stage.scheduler.run_now(0, ask);
  stage.run_for(1s);
  CHECK(answers == 3);
  CHECK(stage.most_of_one == 1);
}

TEST_CASE("whoever asked for a run that has no result is told so") {
  std::vector<bool> got;  // told until the scheduler is gone
  Stage stage;
  stage.load({entry("a", 10s), entry("b", 1000h)});
  const auto ask = [&] {
    return stage.scheduler.run_now(0, [&](const auto& result) { got.push_back(result.has_value()); });
  };
  SUBCASE("because the run never ends") {
    stage.stalled["a"] = true;
    REQUIRE(ask());
    stage.run_for(1h);
    CHECK(got == std::vector{false});
  }
  SUBCASE("because the probe is gone before its turn") {
    stage.takes["a"] = 5s;
    REQUIRE(ask());
    stage.run_for(1s);
    REQUIRE(ask());
    stage.load({stage.entries[1]});
    CHECK(got == std::vector{false});
    stage.run_for(1min);
    CHECK(got == std::vector{false, true});
  }
  SUBCASE("because all stops before its turn") {
    stage.takes["a"] = 5s;
    REQUIRE(ask());
    stage.run_for(1s);
    REQUIRE(ask());
    stage.scheduler.stop([] {});
    CHECK(got == std::vector{false});
  }
}
