#include "serve/incident_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "serve/json_forms.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

/// CommonMark: a backslash before any of these makes it an ordinary character.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += ' ';
      continue;
    }
    if (std::string_view{"\\`*_[]<>|#&!"}.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string in_words(const std::string& time) {
  const auto parsed = parse_time(time);
  return parsed ? fmt::format("{} {} UTC", format_date(*parsed), format_clock(*parsed)) : "–";
}

void row(std::string& out, const char* what, const std::string& value) {
  if (!value.empty()) out += fmt::format("| {} | {} |\n", what, value);
}

std::string until_detected(const Json& incident) {
  const auto begin = parse_time(text_of(incident, "onset"));
  const auto end = parse_time(text_of(incident, "opened_at"));
  return begin && end && *end >= *begin ? format_duration_rounded(*end - *begin) : "";
}

std::string components_table(const Json& components) {
  std::string out = "| component | worst | failing at worst | where | from | to |\n|---|---|---|---|---|---|\n";
  for (const auto& one : components) {
    out += fmt::format("| {} | {} | {:.0f} % | {} {} | {} | {} |\n", escaped(text_of(one, "id")),
                       escaped(text_of(one, "peak_state")), one.value("worst_share", 0.0) * 100,
                       escaped(text_of(one, "layer")), escaped(text_of(one, "kind")), in_words(text_of(one, "onset")),
                       in_words(text_of(one, "last_failure_at")));
  }
  return out;
}

}  // namespace

std::string incident_report(const Json& incident) {
  std::string out = fmt::format("# Incident {}: {}\n\n{}\n\n", incident.value("id", 0),
                                escaped(text_of(incident, "title")), escaped(text_of(incident, "diagnosis")));
  const bool over = incident.contains("resolved_at");
  out += "| | |\n|---|---|\n";
  row(out, "state", text_of(incident, "state"));
  row(out, "severity",
      fmt::format("{} (worst: {})", text_of(incident, "severity"), text_of(incident, "peak_severity")));
  row(out, "first bad result", in_words(text_of(incident, "onset")));
  row(out, "detected", fmt::format("{}, after {}", in_words(text_of(incident, "opened_at")), until_detected(incident)));
  if (over) {
    row(out, "last bad result", in_words(text_of(incident, "recovery")));
    row(out, "resolved", in_words(text_of(incident, "resolved_at")));
    row(out, "lasted", lasted(incident));
  } else {
    row(out, "so far", lasted(incident));
  }
  out += "\n## Components\n\n" + components_table(incident.value("components", Json::array()));
  out += "\n## Timeline\n\n";
  for (const auto& update : incident.value("timeline", Json::array()))
    out += fmt::format("- **{}** {}: {}\n", in_words(text_of(update, "at")), escaped(text_of(update, "kind")),
                       escaped(text_of(update, "text")));
  return out;
}

}  // namespace outaged::serve
