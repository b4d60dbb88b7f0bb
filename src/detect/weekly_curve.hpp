#pragma once
// What the hour of the week (UTC) does to a probe's time: for each of the 168 hours, how far the logarithm usually lies
// from the mean of the week. What few weeks have told of an hour yet is filled up with the same hour of other days, and
// that with nothing, so that the daily wave is known after some days and the Monday morning after some weeks.
#include <array>
#include <cstdint>

#include <nlohmann/json_fwd.hpp>

#include "base/clock.hpp"

namespace outaged::detect {

class WeeklyCurve {
 public:
  /// How far from the week's mean a logarithm usually lies at this time; 0 where nothing is known.
  [[nodiscard]] double at(WallTime when) const;
  /// The logarithm of one answer's time in health, without what is out of all proportion. An hour is learned as a
  /// whole.
  void learn(WallTime when, double x);
  /// From now on everything takes so much longer, as a logarithm, at every hour.
  void shift(double by) { mean_ += by; }

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);

 private:
  static constexpr std::size_t kHours = 168;
  struct Hour {
    std::int16_t deviation = 0;  ///< in steps of kStep
    std::uint8_t weeks = 0;      ///< that have told of it
  };
  /// Of the whole of an hour since the epoch.
  [[nodiscard]] double usual(std::int64_t hour) const;
  void take_hour();

  std::array<Hour, kHours> hours_{};
  double mean_ = 0;   ///< of the last week's hours
  double known_ = 0;  ///< how many hours are in it
  // The hour that is being learned.
  std::int64_t hour_ = 0;  ///< since the epoch
  double sum_ = 0;
  int answers_ = 0;
};

}  // namespace outaged::detect
