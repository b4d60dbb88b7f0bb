#include "base/random.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using outaged::Random;

TEST_CASE("the generator is SplitMix64 on every platform") {
  Random random{1234567};
  CHECK(random() == 6457827717110365317U);
  CHECK(random() == 3203168211198807973U);
  CHECK(random() == 9817491932198370423U);
}

TEST_CASE("drawn numbers stay within their bounds") {
  CHECK(rc::check("bounds", [](std::uint64_t seed) {
    Random random{seed};
    const auto bound = *rc::gen::inRange<std::uint64_t>(1, 1000);
    for (int i = 0; i < 100; ++i) {
      RC_ASSERT(random.below(bound) < bound);
      const double x = random.uniform(2, 3);
      RC_ASSERT(x >= 2);
      RC_ASSERT(x < 3);
    }
  }));
}

TEST_CASE("chances come true about as often as they say") {
  Random random{1};
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += random.chance(0.3) ? 1 : 0;
  CHECK(hits > 29'000);
  CHECK(hits < 31'000);
}
