#include <doctest/doctest.h>

#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

std::size_t false_alarms(double rate, std::uint64_t seed) {
  World world(
      twelve_probes() + controls(),
      [rate](const ProbeInfo&, WallTime, Random& random) { return random.chance(rate) ? time_out() : ok(); }, seed);
  world.run_until(kStart + 24h * 30);
  return world.turns(Turn::opened).size();
}

}  // namespace

// The bounds are those that the thresholds promise, not what these seeds happen to give: at the assumed rate of one
// failure in a hundred, below one false alarm in 30 days of twelve probes on average; at usual rates, practically none.
TEST_CASE("noise at the assumed rate gives less than one false alarm in thirty days of twelve probes") {
  std::size_t alarms = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) alarms += false_alarms(0.01, seed);
  CHECK(alarms <= 3);
}

TEST_CASE("usual noise gives no false alarm in sixty days of twelve probes") {
  CHECK(false_alarms(0.003, 11) + false_alarms(0.003, 12) == 0);
}
