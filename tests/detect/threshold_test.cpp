#include "detect/threshold.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "detect/sequential_test.hpp"

using namespace outaged;
using namespace outaged::detect;

namespace {

/// How often the test of a healthy component crosses; it begins anew each time.
int crossings(double p0, double threshold, int results, std::uint64_t seed) {
  Random random{seed};
  EntryTest test;
  int count = 0;
  for (int i = 0; i < results; ++i) {
    const bool bad = random.chance(p0);
    test.add(EntryTest::ratios(bad, p0), bad, 1e9, {});
    if (test.score() < threshold) continue;
    ++count;
    test.reset();
  }
  return count;
}

}  // namespace

TEST_CASE("in health the test crosses no more often than was asked for, whatever the base rate") {
  constexpr int kResults = 2'000'000;
  constexpr double kWanted = 200;
  const double threshold = entry_threshold(kResults, kWanted);
  int all = 0;
  for (const double p0 : {0.002, 0.01, 0.05}) {
    CAPTURE(p0);
    const int found = crossings(p0, threshold, kResults, 17);
    CHECK(found <= kWanted);
    all += found;
  }
  // The bound is a bound and not an empty promise: the test does cross now and then.
  CHECK(all > 5);
}

TEST_CASE("more results and fewer false alarms raise the threshold") {
  CHECK(entry_threshold(1e6, 1) > entry_threshold(1e5, 1));
  CHECK(entry_threshold(1e6, 0.1) > entry_threshold(1e6, 1));
  CHECK(entry_threshold(1e6, 0.1) - entry_threshold(1e6, 1) == doctest::Approx(2.302585));
}

TEST_CASE("no wish for false alarms makes one failure enough") {
  CHECK(entry_threshold(10, 1e9) == doctest::Approx(2.0));
}

TEST_CASE("a probe a minute gives 525,600 results a year") {
  CHECK(results_a_year(std::chrono::minutes{1}) == doctest::Approx(525600));
}
