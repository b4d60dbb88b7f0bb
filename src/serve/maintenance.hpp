#pragma once
// Maintenance as the pages and calendars of others show it: each time of its own. The rules by which it repeats are
// worked out elsewhere (notify/recurrence.hpp).
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/pattern.hpp"

namespace outaged::serve {

struct PageTexts;

struct MaintenanceWindow {
  std::int64_t id = 0;  ///< of the maintenance
  ComponentPattern components;
  std::string title;
  WallTime begins;
  WallTime ends;  ///< when it was ended early: then
};

/// An iCalendar object (RFC 5545) with an event for each. `site`: whose; `address`: where people reach the page, "" not
/// known. Within an hour the same windows are the same bytes.
std::string calendar(const std::vector<MaintenanceWindow>& windows, const std::string& site, const std::string& address,
                     WallTime now);

/// The same as a part of a page (HTML): of each maintenance the time under way at `now`, or the next. "" when there is
/// none.
std::string maintenance_section(const PageTexts& t, const std::vector<MaintenanceWindow>& windows, WallTime now);

}  // namespace outaged::serve
