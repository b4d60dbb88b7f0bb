#pragma once
// When maintenance takes place: once, or again and again by a rule like iCalendar's RRULE (RFC 5545 §3.3.10) in the
// civil time of a zone. "Every Sunday at 02:00 in Rome" stays at 02:00 when the clocks change; a time that is skipped
// then becomes the moment of the change. Pure.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "base/zone.hpp"
#include "store/rows.hpp"

namespace outaged::notify {

struct Window {
  WallTime begins;
  WallTime ends;
  bool operator==(const Window&) const = default;
};

/// "FREQ=WEEKLY;BYDAY=SU", "FREQ=MONTHLY;BYDAY=1SU", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;INTERVAL=2;COUNT=10".
struct Recurrence {
  enum class Frequency { daily, weekly, monthly };
  struct Day {
    std::chrono::weekday weekday;
    int ordinal = 0;  ///< in a month: 1 the first, -1 the last; 0: every one
    bool operator==(const Day&) const = default;
  };
  Frequency frequency = Frequency::daily;
  int interval = 1;
  std::vector<Day> days;
  std::vector<int> month_days;  ///< 1 … 31, -1 the last
  std::optional<int> count;
  std::optional<WallTime> until;
};

/// Or what is wrong with it, in words.
Expected<Recurrence, std::string> parse_recurrence(std::string_view text);

/// The windows of a maintenance that touch the time from `from` to `to`, in order.
std::vector<Window> windows(const store::Maintenance& maintenance, WallTime from, WallTime to);

/// The one that is open at `now`.
std::optional<Window> window_at(const store::Maintenance& maintenance, WallTime now);

/// The first that begins after `now`, within two years.
std::optional<Window> next_window(const store::Maintenance& maintenance, WallTime now);

}  // namespace outaged::notify
