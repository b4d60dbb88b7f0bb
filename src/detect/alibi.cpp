#include "detect/alibi.hpp"

#include <algorithm>
#include <cmath>

namespace outaged::detect {
namespace {

constexpr double kTotal = 0.995;
constexpr double kUsual = 0.01;  ///< failures in health

/// Logarithm of the likelihood of so many failures, whatever the share of what is lost.
double likelihood(double failed, double worked) {
  const double total = failed * std::log(kTotal) + worked * std::log(1 - kTotal);
  const double any = std::lgamma(failed + 1) + std::lgamma(worked + 1) - std::lgamma(failed + worked + 2);
  const double larger = std::max(total, any);
  return larger + std::log(0.5 * (std::exp(total - larger) + std::exp(any - larger)));
}

}  // namespace

double alibi(Attempts inside, Attempts outside) {
  const double failed = inside.failed;
  const double worked = inside.all - inside.failed;
  const double outside_failed = outside.failed;
  const double outside_worked = outside.all - outside.failed;
  const double theirs =
      likelihood(failed, worked) + outside_failed * std::log(kUsual) + outside_worked * std::log(1 - kUsual);
  return theirs - likelihood(failed + outside_failed, worked + outside_worked);
}

}  // namespace outaged::detect
