#include <map>

#include <fmt/format.h>

#include "base/units.hpp"
#include "serve/html.hpp"
#include "serve/maintenance.hpp"
#include "serve/page_words.hpp"

namespace outaged::serve {
namespace {

std::string covered(const ComponentPattern& pattern) {
  return (pattern.platform == "*" ? "Every platform" : platform_words(pattern.platform)) + ": " +
         (pattern.function == "*" ? "everything" : function_words(pattern.function));
}

std::string row(const MaintenanceWindow& window, bool again, WallTime now) {
  const bool active = window.begins <= now;
  const auto when = active ? "under way until " + moment(format_time(window.ends))
                           : fmt::format("from {}, for {}", moment(format_time(window.begins)),
                                         format_duration_rounded(window.ends - window.begins));
  return fmt::format(
      "<li class=\"card\"><span>{}<b>{}</b></span> <span>{}</span> <span class=\"quiet\">{}{}</span></li>\n",
      active ? mark("under_maintenance") + " " : "", window.title.empty() ? "Maintenance" : escape_markup(window.title),
      escape_markup(covered(window.components)), when, again ? ", again and again" : "");
}

}  // namespace

std::string maintenance_section(const std::vector<MaintenanceWindow>& windows, WallTime now) {
  std::map<std::int64_t, int> times;
  for (const auto& window : windows) times[window.id] += window.ends > now ? 1 : 0;
  std::string rows;
  for (const auto& window : windows) {
    if (window.ends <= now) continue;
    // The first one of each; later ones are taken together.
    auto& count = times.at(window.id);
    if (count > 0) rows += row(window, count > 1, now);
    count = 0;
  }
  return rows.empty() ? rows : "<h2>Maintenance</h2>\n<ul class=\"past\">\n" + rows + "</ul>\n";
}

}  // namespace outaged::serve
