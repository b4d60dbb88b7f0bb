#include "replay/report.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"

namespace outaged::replay {
namespace {

using Json = nlohmann::json;

constexpr std::array kEventNames{"open", "join", "resolve"};

Json time_or_null(const std::optional<WallTime>& time) {
  return time ? Json(format_time(*time)) : Json();
}

double share_of(const Record& record, IncidentId incident, const incident::AffectedComponent& one) {
  const auto found = record.failed_of.find({incident, one.id});
  if (found == record.failed_of.end() || found->second.second == 0) return one.worst_share;
  return static_cast<double>(found->second.first) / static_cast<double>(found->second.second);
}

Json incident_json(const Record& record, const incident::Incident& incident) {
  auto components = Json::array();
  for (const auto& one : incident.components) {
    const auto ended = one.recovered_at ? one.recovered_at : incident.resolved_at;
    components.push_back({{"id", to_string(one.id)},
                          {"onset", format_time(one.onset)},
                          {"opened_at", format_time(one.joined_at)},
                          {"resolved_at", time_or_null(ended)},
                          {"peak_state", std::string{to_string(one.peak_state)}},
                          {"failure_share", share_of(record, incident.id, one)}});
  }
  auto timeline = Json::array();
  for (const auto& update : incident.timeline) {
    timeline.push_back(
        {{"at", format_time(update.at)}, {"kind", std::string{to_string(update.kind)}}, {"text", update.text}});
  }
  return {{"id", incident.id.number},
          {"onset", format_time(incident.onset)},
          {"opened_at", format_time(incident.opened_at)},
          {"monitoring_at", time_or_null(incident.monitoring_at)},
          {"resolved_at", time_or_null(incident.resolved_at)},
          {"severity", std::string{to_string(incident.peak_severity)}},
          {"title", incident.title},
          {"layer", incident.layer ? Json(std::string{to_string(*incident.layer)}) : Json()},
          {"shared_cause", incident.shared_cause},
          {"components", std::move(components)},
          {"timeline", std::move(timeline)}};
}

}  // namespace

Json to_json(const Record& record, const Rows& rows) {
  auto incidents = Json::array();
  for (const auto& [id, incident] : record.incidents) incidents.push_back(incident_json(record, incident));
  auto offline = Json::array();
  for (const auto& one : record.site_offline)
    offline.push_back({{"from", format_time(one.from)}, {"to", time_or_null(one.to)}});
  auto problems = Json::array();
  for (const auto& one : record.problems) {
    problems.push_back({{"probe", one.probe.name},
                        {"kind", std::string{to_string(one.kind)}},
                        {"from", format_time(one.when.from)},
                        {"to", time_or_null(one.when.to)}});
  }
  auto notifications = Json::array();
  for (const auto& one : record.announcements) {
    notifications.push_back(
        {{"at", format_time(one.at)}, {"incident", one.incident.number}, {"kind", std::string{to_string(one.kind)}}});
  }
  return {{"incidents", std::move(incidents)},
          {"site_offline", std::move(offline)},
          {"probe_problems", std::move(problems)},
          {"notifications", std::move(notifications)},
          {"rows", rows.read}};
}

std::string to_events(const Record& record) {
  std::string out = "timestamp,event,incident,platform,function\n";
  for (const auto& event : record.events) {
    out += fmt::format("{},{},{},{},{}\n", format_time(event.at), kEventNames.at(static_cast<std::size_t>(event.kind)),
                       event.incident.number, event.component.platform, event.component.function);
  }
  return out;
}

std::string to_text(const Record& record, const Rows& rows) {
  std::string out;
  const auto until = [](const std::optional<WallTime>& time) { return time ? format_time(*time) : "the end"; };
  for (const auto& [id, incident] : record.incidents) {
    out += fmt::format("{}. {} ({})\n   from {}, detected {}, {}\n", id.number, incident.title,
                       to_string(incident.peak_severity), format_time(incident.onset), format_time(incident.opened_at),
                       incident.resolved_at ? "resolved " + format_time(*incident.resolved_at) : "still open");
    for (const auto& one : incident.components) {
      out += fmt::format("   {:28} {:21} {:3.0f} % failed, from {}\n", to_string(one.id), to_string(one.peak_state),
                         100 * share_of(record, id, one), format_time(one.onset));
    }
    for (const auto& update : incident.timeline)
      out += fmt::format("   {} {:12} {}\n", format_time(update.at), to_string(update.kind), update.text);
    out += "\n";
  }
  for (const auto& one : record.site_offline)
    out += fmt::format("Our own network was down from {} to {}.\n", format_time(one.from), until(one.to));
  for (const auto& one : record.problems) {
    out += fmt::format("Probe {} could not ask ({}) from {} to {}.\n", one.probe.name, to_string(one.kind),
                       format_time(one.when.from), until(one.when.to));
  }
  out += fmt::format("{} incident(s), {} message(s), from {} of {} rows.\n", record.incidents.size(),
                     record.announcements.size(), rows.used, rows.read);
  return out;
}

}  // namespace outaged::replay
