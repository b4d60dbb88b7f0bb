// What we cannot ask properly is a notice of its own and never an outage.
#include <doctest/doctest.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

const WallTime kTo = kFrom + 2h;

World hours_of(const Answer& answer) {
  World world(twelve_probes() + controls(), [answer](const ProbeInfo& probe, WallTime when, Random&) {
    const bool now = probe.component.platform == "instagram" && when >= kFrom && when < kTo;
    return now ? answer : ok();
  });
  return world;
}

}  // namespace

TEST_CASE("answers that are our own matter are problems of the right kind and no outage") {
  struct Row {
    Answer answer;
    ProblemKind kind;
    Micros at_most;
  };
  const Row rows[] = {
      {our_fault("token_expired"), ProblemKind::credentials, 61s},
      {our_fault("token_invalid"), ProblemKind::credentials, 61s},
      {our_fault("permission"), ProblemKind::permission, 61s},
      {our_fault("graph_code"), ProblemKind::configuration, 61s},
      {our_fault("rate_limited"), ProblemKind::rate_limit, 181s},
      {our_fault("no_descriptors", Layer::local), ProblemKind::local, 181s},
      {our_fault("never_answered", Layer::dns), ProblemKind::unreachable, 181s},
      {our_fault("no_known_address", Layer::local), ProblemKind::unreachable, 181s},
      {blocked(), ProblemKind::blocked, 181s},
  };
  for (const Row& row : rows) {
    CAPTURE(to_string(row.kind));
    auto world = hours_of(row.answer);
    world.run_until(kFrom + 1h);
    CHECK(world.detector.problems().size() == 4);
    world.run_until(kTo + 1h);
    CHECK(world.turns(Turn::opened).empty());
    const auto problems = world.of_problems();
    REQUIRE(problems.size() == 8);  // four probes, opened and closed
    for (const auto& problem : problems) {
      CHECK(problem.kind == row.kind);
      CHECK(problem.detail == row.answer.detail);
    }
    CHECK(problems[0].open);
    CHECK(problems[0].at - kFrom <= row.at_most);
    CHECK(problems[0].since >= kFrom);
    CHECK_FALSE(problems[7].open);
    CHECK(problems[7].at >= kTo);
    CHECK(world.detector.problems().empty());
  }
}

TEST_CASE("a server that is not reached while our own network is down is no problem of its probe") {
  World world(twelve_probes() + controls(), [](const ProbeInfo& probe, WallTime, Random&) {
    return is_control(probe) ? failure(Layer::dns, "timeout") : our_fault("no_known_address", Layer::local);
  });
  world.run_until(kStart + 2h);
  CHECK_FALSE(world.detector.site().online);
  CHECK(world.of_problems().empty());
}

TEST_CASE("one captcha or one reached limit is not worth a notice") {
  World world(twelve_probes() + controls(),
              [](const ProbeInfo&, WallTime, Random& random) { return random.chance(0.02) ? blocked() : ok(); });
  world.run_until(kStart + 6h);
  CHECK(world.of_problems().empty());
}

TEST_CASE("a probe that is left alone for long has a problem until it answers and is not left alone again") {
  const auto probes = probes_of({"instagram/feed-load", "facebook/feed-load"});
  World world(probes, [](const ProbeInfo&, WallTime, Random&) { return ok(); });
  world.run_until(kFrom);
  WallTime now = kFrom;
  const auto rests = [&](Micros rest) {
    now += 30s;
    return world.detector.left_alone({{probes[0].id, rest, "It is left alone."}}, now).findings;
  };
  const auto let_go = [&] {
    now += 30s;
    return world.detector.left_alone({}, now).findings;
  };
  const auto answers = [&] { return world.detector.observe(result_of(probes[0], now, ok())).findings; };

  CHECK(rests(30s).empty());  // two intervals are two minutes
  const auto opened = rests(15min);
  REQUIRE(opened.size() == 1);
  const auto& problem = std::get<ProbeProblem>(opened[0]);
  CHECK(problem.probe == probes[0].id);
  CHECK(problem.kind == ProblemKind::rate_limit);
  CHECK(problem.open);
  CHECK(problem.detail == "It is left alone.");
  CHECK(rests(14min).empty());

  // One answer between two rests is no end.
  CHECK(let_go().empty());
  CHECK(answers().empty());
  CHECK(rests(15min).empty());
  CHECK(let_go().empty());
  CHECK(world.detector.problems().size() == 1);

  CHECK(answers().empty());
  const auto closed = let_go();
  REQUIRE(closed.size() == 1);
  CHECK_FALSE(std::get<ProbeProblem>(closed[0]).open);
  CHECK(world.detector.problems().empty());
}

TEST_CASE("a probe that is left alone again and again for less than two intervals but never asked has a problem") {
  const auto probes = probes_of({"instagram/feed-load"});
  World world(probes, [](const ProbeInfo&, WallTime, Random&) { return ok(); });
  world.run_until(kFrom);
  const auto rests = [&](Micros later) {
    return world.detector.left_alone({{probes[0].id, 50s, "It is left alone."}}, kFrom + later).findings.size();
  };
  CHECK(rests(1s) == 0);
  CHECK(rests(90s) == 1);
}

TEST_CASE("answers that alternate between two refusals are one notice") {
  int count = 0;
  World world(probes_of({"instagram/feed-load"}), [&count](const ProbeInfo&, WallTime when, Random&) {
    if (when < kFrom) return ok();
    return ++count % 2 == 0 ? our_fault("token_expired") : our_fault("permission");
  });
  world.run_until(kFrom + 2h);
  CHECK(world.of_problems().size() == 1);
}

TEST_CASE("a probe that was never healthy is unproven and its answers are no evidence") {
  for (const auto& answer : {failure(Layer::api, "graph_code"), failure(Layer::content, "sha256"),
                             failure(Layer::http, "status"), failure(Layer::http, "too_many_redirects")}) {
    World world(twelve_probes() + controls(),
                [&answer](const ProbeInfo& probe, WallTime, Random&) { return is_control(probe) ? ok() : answer; });
    world.run_until(kStart + 2h);
    CHECK(world.turns(Turn::opened).empty());
    const auto problems = world.detector.problems();
    REQUIRE(problems.size() == 12);
    CHECK(problems[0].kind == ProblemKind::unproven);
  }
}

TEST_CASE("once proven the same answers are evidence") {
  World world(twelve_probes() + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    return is_control(probe) || when < kFrom ? ok() : failure(Layer::api, "graph_code");
  });
  world.run_until(kFrom + 5min);
  CHECK(world.turns(Turn::opened).size() == 12);
  CHECK(world.of_problems().empty());
}

TEST_CASE("being proven survives a restart") {
  World world(probes_of({"instagram/feed-load"}) + controls(), [](const ProbeInfo& probe, WallTime when, Random&) {
    return is_control(probe) || when < kFrom ? ok() : failure(Layer::content, "fingerprint");
  });
  world.run_until(kFrom - 1s);
  REQUIRE(world.restart());
  world.run_until(kFrom + 5min);
  CHECK(world.turns(Turn::opened).size() == 1);
}

TEST_CASE("a gateway page or a broken answer counts at once") {
  World world(probes_of({"instagram/feed-load"}) + controls(), [](const ProbeInfo& probe, WallTime, Random&) {
    return is_control(probe) ? ok() : failure(Layer::http, "truncated");
  });
  world.run_until(kStart + 5min);
  CHECK(world.turns(Turn::opened).size() == 1);
}
