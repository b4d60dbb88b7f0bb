#include "incident/user_reports.hpp"

#include <fmt/format.h>

#include "incident/wording.hpp"

namespace outaged::incident {
namespace {

/// Enough to know the level; what comes beyond changes nothing.
constexpr std::size_t kMostRemembered = 100'000;

/// 3, 10, 30, 100 …
std::size_t level_after(std::size_t level) {
  const bool thirds = level % 3 == 0;
  return thirds ? level / 3 * 10 : level * 3;
}

}  // namespace

std::optional<std::size_t> UserReports::add(const ComponentId& component, WallTime now) {
  auto& recent = recent_[component];
  while (!recent.times.empty() && (recent.times.front() <= now - kWindow || recent.times.front() > now))
    recent.times.pop_front();
  if (recent.times.size() + 1 < kFirstLevel) recent.next_level = kFirstLevel;
  if (recent.times.size() < kMostRemembered) recent.times.push_back(now);
  const auto reports = recent.times.size();
  if (reports < recent.next_level) return std::nullopt;
  recent.next_level = level_after(recent.next_level);
  return reports;
}

std::string sentence_on_reports(const ComponentId& component, std::size_t reports) {
  return fmt::format("{} users report trouble within ten minutes: {}.", reports, component_name(component));
}

}  // namespace outaged::incident
