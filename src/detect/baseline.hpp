#pragma once
// A probe's normal latency: the running median and spread of the logarithm of its time, robust against single slow
// answers, beside what the hour of the week does to it (weekly_curve.hpp). It follows slow drifts; while an outage is
// open nothing is learned, but a slowness that lasts long enough may be taken for the new normal.
#include <nlohmann/json_fwd.hpp>

#include "base/clock.hpp"
#include "detect/settings.hpp"
#include "detect/weekly_curve.hpp"

namespace outaged::detect {

class Baseline {
 public:
  /// How many times as long as usual at this time it took, as a logarithm; 0 while too little is known.
  [[nodiscard]] double lateness(Micros took, WallTime at) const;
  /// Whether a successful answer that took so long is slow: by the configured factor and difference, and
  /// beyond the usual spread. `common`: the lateness of everything now, which is not this one's.
  [[nodiscard]] bool is_slow(Micros took, WallTime at, double common, const Settings& settings) const;
  /// In health.
  void learn(Micros took, WallTime at, bool slow);
  /// The learned share of answers that are slow in health.
  [[nodiscard]] double slow_rate() const;

  /// An answer during an outage of slowness: if that lasts, it is the usual time one day.
  void learn_lately(Micros took, WallTime at);
  /// What was learned lately is no usual time.
  void forget_lately() { lately_ = {}; }
  /// Takes what was learned lately for the usual time. False when that is too little.
  bool take_lately();

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);

 private:
  /// Of logarithms, without what the hour does.
  struct Level {
    double median = 0;
    double spread = 0.3;  ///< median absolute deviation
    double seen = 0;
    void learn(double x);
    [[nodiscard]] nlohmann::json save() const;
    void load(const nlohmann::json& saved);
  };

  Level usual_;
  Level lately_;  ///< in the slowness that lasts now
  WeeklyCurve week_;
  double slow_ = 0;
  double judged_ = 0;
};

}  // namespace outaged::detect
