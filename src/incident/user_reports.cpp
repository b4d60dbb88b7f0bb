#include "incident/user_reports.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/units.hpp"
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

/// How many are later than that.
std::size_t reports_since(const std::deque<WallTime>& times, WallTime since) {
  return static_cast<std::size_t>(times.end() - std::ranges::upper_bound(times, since));
}

std::string quoted(const std::string& words) {
  return words.empty() ? std::string{} : " “" + words + "”";
}

}  // namespace

std::optional<std::size_t> UserReports::add(const ComponentId& component, WallTime now, const std::string& words) {
  auto& recent = recent_[component];
  auto& times = recent.times;
  while (!times.empty() && times.back() > now) times.pop_back();  // the clock was set back
  while (!times.empty() && (times.front() <= now - kRemembered || times.size() >= kMostRemembered)) times.pop_front();
  times.push_back(now);
  if (!words.empty()) {
    recent.words = words;
    recent.words_at = now;
  }
  const auto reports = reports_since(times, now - kWindow);
  if (reports < kFirstLevel) recent.next_level = kFirstLevel;
  if (reports < recent.next_level) return std::nullopt;
  recent.next_level = level_after(recent.next_level);
  return reports;
}

std::optional<EarlyReports> UserReports::early(const ComponentId& component, WallTime now) const {
  const auto found = recent_.find(component);
  if (found == recent_.end()) return std::nullopt;
  const auto& times = found->second.times;
  const auto reports = reports_since(times, now - kRemembered);
  if (reports == 0) return std::nullopt;
  const bool said_lately = found->second.words_at > now - kRemembered;
  return EarlyReports{reports, *(times.end() - static_cast<std::ptrdiff_t>(reports)),
                      said_lately ? found->second.words : std::string{}};
}

std::string sentence_on_reports(const ComponentId& component, std::size_t reports) {
  return fmt::format("{} users report trouble within ten minutes: {}.", reports, component_name(component));
}

std::string sentence_on_words(const ComponentId& component, const std::string& words) {
  return fmt::format("A user reports trouble: {}.{}", component_name(component), quoted(words));
}

std::string sentence_on_early_reports(const ComponentId& component, const EarlyReports& early) {
  return fmt::format("{} user report{} since {} UTC, before it was detected: {}.{}", early.reports,
                     early.reports == 1 ? "" : "s", format_clock(early.first), component_name(component),
                     quoted(early.words));
}

}  // namespace outaged::incident
