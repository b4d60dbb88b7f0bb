#pragma once
// A probe's normal latency: the running median and spread of the logarithm of its time, robust against single slow
// answers. It follows daily waves and drifts slowly; while an outage is open nothing is learned.
#include <nlohmann/json_fwd.hpp>

#include "base/clock.hpp"
#include "detect/settings.hpp"

namespace outaged::detect {

class Baseline {
 public:
  /// How many times as long as usual it took, as a logarithm; 0 while too little is known.
  [[nodiscard]] double lateness(Micros took) const;
  /// Whether a successful answer that took so long is slow: by the configured factor and difference, and
  /// beyond the usual spread. `common`: the lateness of everything now, which is not this one's.
  [[nodiscard]] bool is_slow(Micros took, double common, const Settings& settings) const;
  /// In health.
  void learn(Micros took, bool slow);
  /// The learned share of answers that are slow in health.
  [[nodiscard]] double slow_rate() const;

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);

 private:
  double median_ = 0;
  double spread_ = 0.3;  ///< median absolute deviation
  double seen_ = 0;
  double slow_ = 0;
  double judged_ = 0;
};

}  // namespace outaged::detect
