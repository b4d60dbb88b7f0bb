#pragma once
// Zone: a place's civil time by its IANA name ("Europe/Rome"), from the system's time zone database. For what people
// mean by a clock on the wall: quiet hours, maintenance at two in the morning, the second time in a message.
// An immutable value; any thread.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace outaged {

/// What clocks on the wall show at some moment.
struct CivilTime {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  Micros since_midnight{0};
  std::string abbreviation;  ///< "CEST"; "+03" where the zone has no letters
};

class Zone {
 public:
  /// UTC.
  Zone() = default;

  /// Nothing when the system knows no such zone.
  static std::optional<Zone> find(const std::string& name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] CivilTime civil(WallTime time) const;

  /// The moment at which clocks show `since_midnight` on `date`. Where they are put forward past it, the moment of the
  /// change; where they show it twice, the first.
  [[nodiscard]] WallTime moment(std::chrono::year_month_day date, Micros since_midnight) const;

  bool operator==(const Zone& other) const { return name_ == other.name_; }

 private:
  std::string name_ = "UTC";
};

}  // namespace outaged
