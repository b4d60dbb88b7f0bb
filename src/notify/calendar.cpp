#include "notify/calendar.hpp"

#include <algorithm>

#include "base/units.hpp"
#include "notify/recurrence.hpp"

namespace outaged::notify {
namespace {

constexpr Micros kLongest = std::chrono::days{366};

}  // namespace

void Calendar::restore(std::vector<store::Silence> silences, std::vector<store::Maintenance> maintenances,
                       std::int64_t last_silence, std::int64_t last_maintenance) {
  silences_ = std::move(silences);
  maintenances_ = std::move(maintenances);
  last_silence_ = last_silence;
  last_maintenance_ = last_maintenance;
}

Expected<store::Silence, std::string> Calendar::add(store::Silence silence, WallTime now) {
  if (silence.until <= silence.since || silence.until <= now)
    return Unexpected{std::string{"a silence must end after it begins, and in the future"}};
  if (silence.until - silence.since > kLongest)
    return Unexpected{std::string{"a silence may last a year at most; it would be forgotten"}};
  silence.id = ++last_silence_;
  std::erase_if(silences_, [now](const auto& old) { return old.until <= now; });
  silences_.push_back(silence);
  return silence;
}

Expected<store::Maintenance, std::string> Calendar::add(store::Maintenance maintenance, WallTime now) {
  if (maintenance.duration <= Micros{0} || maintenance.duration > kLongest)
    return Unexpected{std::string{"maintenance lasts longer than nothing and at most a year"}};
  if (!Zone::find(maintenance.zone))
    return Unexpected{"\"" + maintenance.zone + "\" is not a time zone such as \"Europe/Rome\""};
  if (!maintenance.rule.empty()) {
    if (auto rule = parse_recurrence(maintenance.rule); !rule) return Unexpected{rule.error()};
  }
  if (maintenance.begins > now + kLongest)
    return Unexpected{"maintenance begins within a year, not on " + format_time(maintenance.begins)};
  if (!window_at(maintenance, now) && !next_window(maintenance, now))
    return Unexpected{std::string{"this maintenance is over before it begins"}};
  maintenance.id = ++last_maintenance_;
  maintenances_.push_back(maintenance);
  return maintenance;
}

std::optional<store::Silence> Calendar::end_silence(std::int64_t id, WallTime now) {
  const auto found = std::ranges::find(silences_, id, &store::Silence::id);
  if (found == silences_.end()) return std::nullopt;
  auto ended = *found;
  ended.ended = now;
  silences_.erase(found);
  return ended;
}

std::optional<store::Maintenance> Calendar::end_maintenance(std::int64_t id, WallTime now) {
  const auto found = std::ranges::find(maintenances_, id, &store::Maintenance::id);
  if (found == maintenances_.end()) return std::nullopt;
  auto ended = *found;
  ended.ended = now;
  maintenances_.erase(found);
  return ended;
}

bool Calendar::is_silenced(const ComponentId& component, WallTime now) const {
  return std::ranges::any_of(silences_, [&](const store::Silence& silence) {
    return silence.since <= now && now < silence.until && silence.pattern.matches(component);
  });
}

bool Calendar::is_maintained(const ComponentId& component, WallTime now) const {
  return std::ranges::any_of(maintenances_, [&](const store::Maintenance& maintenance) {
    return maintenance.pattern.matches(component) && window_at(maintenance, now);
  });
}

}  // namespace outaged::notify
