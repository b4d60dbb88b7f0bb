#include "detect/threshold.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "detect/sequential_test.hpp"

namespace outaged::detect {
namespace {

constexpr Micros kYear = std::chrono::days{365};
/// Below this a single failure would do.
constexpr double kLowest = 2;

}  // namespace

double entry_threshold(double results_a_year, double false_alarms) {
  const auto& rates = EntryTest::kOutageRates;
  const double rates_together = std::accumulate(rates.begin(), rates.end(), 0.0);
  return std::max(kLowest, std::log(results_a_year * rates_together / false_alarms));
}

double results_a_year(Micros interval) {
  return static_cast<double>(kYear.count()) / static_cast<double>(std::max(interval, Micros{1}).count());
}

}  // namespace outaged::detect
