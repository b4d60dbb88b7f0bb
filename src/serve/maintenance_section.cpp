#include <map>

#include <fmt/format.h>

#include "base/units.hpp"
#include "serve/html.hpp"
#include "serve/maintenance.hpp"
#include "serve/page_words.hpp"

namespace outaged::serve {
namespace {

std::string covered(const PageTexts& t, const ComponentPattern& pattern) {
  const auto platform = pattern.platform == "*" ? std::string{t.every_platform} : platform_words(t, pattern.platform);
  const auto function = pattern.function == "*" ? std::string{t.everything} : function_words(t, pattern.function);
  return platform + ": " + function;
}

std::string row(const PageTexts& t, const MaintenanceWindow& window, bool again, WallTime now) {
  const bool active = window.begins <= now;
  const auto when = active ? fill(t.maintenance_until, moment(format_time(window.ends)))
                           : fill(t.maintenance_from, moment(format_time(window.begins)),
                                  spelled_out(t, format_duration_rounded(window.ends - window.begins)));
  return fmt::format(
      "<li class=\"card\"><span>{}<b>{}</b></span> <span>{}</span> <span class=\"quiet\">{}{}{}</span></li>\n",
      active ? mark("under_maintenance") + " " : "", escape_markup(window.title.empty() ? t.maintenance : window.title),
      escape_markup(covered(t, window.components)), when, again ? ", " : "", again ? t.again : "");
}

}  // namespace

std::string maintenance_section(const PageTexts& t, const std::vector<MaintenanceWindow>& windows, WallTime now) {
  std::map<std::int64_t, int> times;
  for (const auto& window : windows) times[window.id] += window.ends > now ? 1 : 0;
  std::string rows;
  for (const auto& window : windows) {
    if (window.ends <= now) continue;
    // The first one of each; later ones are taken together.
    auto& count = times.at(window.id);
    if (count > 0) rows += row(t, window, count > 1, now);
    count = 0;
  }
  return rows.empty() ? rows : fmt::format("<h2>{}</h2>\n<ul class=\"past\">\n{}</ul>\n", t.maintenance, rows);
}

}  // namespace outaged::serve
