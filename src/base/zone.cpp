#include "base/zone.hpp"

#include <date/tz.h>

namespace outaged {
namespace {

using std::chrono::floor;

/// The library keeps its zones for the life of the process, so a look-up by name is cheap after the first.
const date::time_zone& zone_named(const std::string& name) {
  return *date::locate_zone(name);
}

}  // namespace

std::optional<Zone> Zone::find(const std::string& name) {
  // The library throws for names that it does not know, and takes file names for names of zones.
  if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos) return std::nullopt;
  try {
    Zone zone;
    zone.name_ = zone_named(name).name();
    return zone;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

CivilTime Zone::civil(WallTime time) const {
  const auto& zone = zone_named(name_);
  const auto info = zone.get_info(time);
  const auto local = time.time_since_epoch() + info.offset;
  const auto days = floor<std::chrono::days>(local);
  CivilTime civil;
  civil.date = std::chrono::year_month_day{std::chrono::sys_days{days}};
  civil.weekday = std::chrono::weekday{std::chrono::sys_days{days}};
  civil.since_midnight = local - days;
  civil.abbreviation = info.abbrev;
  return civil;
}

WallTime Zone::moment(std::chrono::year_month_day date, Micros since_midnight) const {
  const auto days = std::chrono::sys_days{date}.time_since_epoch();
  const date::local_time<Micros> local{Micros{days} + since_midnight};
  return zone_named(name_).to_sys(local, date::choose::earliest);
}

}  // namespace outaged
