#include "detect/alibi.hpp"

#include <doctest/doctest.h>

using namespace outaged::detect;

TEST_CASE("several that fail while others work are not our own network's") {
  CHECK(alibi({5, 5}, {0, 3}) > 3);
  CHECK(alibi({8, 10}, {0, 10}) > 3);
}

TEST_CASE("failures with nobody asked beside them clear nobody") {
  CHECK(alibi({5, 5}, {0, 0}) < 1);
  CHECK(alibi({1, 1}, {0, 1}) < 3);
}

TEST_CASE("what loses everything alike is our own network") {
  CHECK(alibi({5, 10}, {3, 6}) < 0);
  CHECK(alibi({10, 10}, {3, 3}) < 0);
}

TEST_CASE("each that works beside the failures makes the alibi better") {
  double before = alibi({4, 4}, {0, 0});
  for (int others = 1; others < 10; ++others) {
    const double now = alibi({4, 4}, {0, others});
    CHECK(now > before);
    before = now;
  }
}
