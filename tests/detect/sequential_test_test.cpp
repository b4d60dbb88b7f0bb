#include "detect/sequential_test.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/random.hpp"

using namespace outaged;
using namespace outaged::detect;

namespace {

Moment second(int count) {
  return {std::chrono::seconds{count}, WallTime{std::chrono::seconds{count}}};
}

void add(EntryTest& test, bool bad, double p0, Moment when) {
  test.add(EntryTest::ratios(bad, p0), bad, 1e9, when);
}

}  // namespace

TEST_CASE("each bad result adds its log-likelihood ratio and good ones take away") {
  EntryTest test;
  add(test, true, 0.01, second(0));
  CHECK(test.score() == doctest::Approx(std::log(0.95 / 0.01)));
  add(test, true, 0.01, second(1));
  CHECK(test.score() == doctest::Approx(2 * std::log(0.95 / 0.01)));
  add(test, false, 0.01, second(2));
  // Now half failing explains it better than nearly all failing.
  CHECK(test.score() == doctest::Approx(2 * std::log(0.5 / 0.01) + std::log(0.5 / 0.99)));
}

TEST_CASE("the score never falls below zero") {
  EntryTest test;
  for (int i = 0; i < 1000; ++i) add(test, false, 0.01, second(i));
  CHECK(test.score() == 0.0);
  CHECK_FALSE(test.onset());
  add(test, true, 0.01, second(1000));
  CHECK(test.score() == doctest::Approx(std::log(0.95 / 0.01)));
}

TEST_CASE("the onset is the first bad result since the score was last zero") {
  EntryTest test;
  add(test, true, 0.01, second(0));
  for (int i = 1; i < 100; ++i) add(test, false, 0.01, second(i));
  add(test, true, 0.01, second(100));
  add(test, true, 0.01, second(101));
  REQUIRE(test.onset());
  CHECK(*test.onset() == second(100));
}

TEST_CASE("in a network as noisy as the outage failures say nothing") {
  EntryTest test;
  for (int i = 0; i < 50; ++i) add(test, i % 2 == 0, 0.5, second(i));
  CHECK(test.score() < 3);
}

TEST_CASE("a few good answers do not end an outage of a third of the attempts") {
  ExitTest test;
  test.begin(6, 20);
  for (int i = 0; i < 3; ++i) test.add(false, 0.01, 0.1);
  CHECK(test.score() < 1.5);
}

TEST_CASE("a few good answers end a total outage") {
  ExitTest test;
  test.begin(40, 40);
  for (int i = 0; i < 2; ++i) test.add(false, 0.01, 0.1);
  CHECK(test.score() > 3.5);
}

TEST_CASE("the assumed share is cautious after few results and close after many") {
  ExitTest few;
  few.begin(3, 3);
  ExitTest many;
  many.begin(40, 40);
  CHECK(few.assumed_share(0.1) < 0.8);
  CHECK(many.assumed_share(0.1) > 0.9);
  ExitTest none;
  none.begin(0, 40);
  CHECK(none.assumed_share(0.1) == doctest::Approx(0.1));
}

TEST_CASE("saved tests go on as before") {
  Random random{7};
  EntryTest entry;
  ExitTest exit;
  exit.begin(3, 4);
  for (int i = 0; i < 200; ++i) {
    add(entry, random.chance(0.2), 0.01, second(i));
    exit.add(random.chance(0.2), 0.01, 0.1);
  }
  EntryTest entry_again;
  entry_again.load(nlohmann::json::parse(entry.save().dump()));
  ExitTest exit_again;
  exit_again.load(nlohmann::json::parse(exit.save().dump()));
  CHECK(entry_again == entry);
  CHECK(exit_again == exit);
}

TEST_CASE("answers right after each other show health no sooner than answers minutes apart") {
  ExitTest apart;
  ExitTest together;
  for (ExitTest* test : {&apart, &together}) test->begin(6, 20);
  for (int i = 0; i < 10; ++i) {
    apart.add(false, 0.01, 0.1, 1);
    together.add(false, 0.01, 0.1, 0.1);
  }
  CHECK(apart.score() > 5 * together.score());
  CHECK(together.assumed_share(0.1) > apart.assumed_share(0.1));
  const double before = apart.score();
  apart.add(true, 0.01, 0.1, 0.1);
  CHECK(apart.score() < before - 0.8);
}
