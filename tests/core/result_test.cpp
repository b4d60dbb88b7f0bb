#include "core/result.hpp"

#include <doctest/doctest.h>

using namespace outaged;
using namespace std::chrono_literals;

TEST_CASE("the phases of a request add up to its time") {
  PhaseTimes times;
  times[Phase::dns] = 1ms;
  times[Phase::connect] = 2ms;
  times[Phase::receive] = 4ms;
  CHECK(times.total() == 7ms);
  PhaseTimes more;
  more[Phase::dns] = 10ms;
  times += more;
  CHECK(times[Phase::dns] == 11ms);
  CHECK(times.total() == 17ms);
}

TEST_CASE("an outcome is known when the run has ended") {
  Result result;
  result.at = WallTime{} + 1h;
  result.took = 3s;
  CHECK(result.known_at() == WallTime{} + 1h + 3s);
}
