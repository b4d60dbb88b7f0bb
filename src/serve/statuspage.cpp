#include "serve/statuspage.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/json/write.hpp"
#include "base/units.hpp"
#include "incident/wording.hpp"
#include "serve/json_forms.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kPageId = "outaged";

Json value_or_null(const Json& object, const char* key) {
  return object.contains(key) ? object[key] : Json();
}

/// Ids of that format are short words without slashes.
std::string id_of_component(const Json& component) {
  constexpr std::size_t kDigits = 12;
  return sha256_hex(component["id"].get<std::string>()).substr(0, kDigits);
}

/// The format has no "unknown": the description says so.
std::string state_of(const Json& component) {
  const auto state = component["state"].get<std::string>();
  return state == "unknown" ? "operational" : state;
}

std::string name_of(const Json& component) {
  return incident::component_name({component["platform"].get<std::string>(), component["function"].get<std::string>()});
}

Json component_form(const Json& component, int position, const Json& at) {
  const bool unknown = component["state"] == "unknown";
  return {{"id", id_of_component(component)},
          {"name", name_of(component)},
          {"status", state_of(component)},
          {"created_at", value_or_null(component, "since")},
          {"updated_at", component.contains("last_result_at") ? component["last_result_at"] : at},
          {"position", position},
          {"description", unknown ? Json("Not known at the moment; no result lately.") : Json()},
          {"showcase", true},
          {"start_date", nullptr},
          {"group_id", nullptr},
          {"page_id", kPageId},
          {"group", false},
          {"only_show_if_degraded", false}};
}

Json components_of(const Json& status) {
  Json out = Json::array();
  int position = 1;
  for (const auto& component : status["components"]) out.push_back(component_form(component, position++, status["at"]));
  return out;
}

std::string impact_of(const Json& incident) {
  return incident["peak_severity"].get<std::string>();
}

/// What components were believed to be, by their ids, each by time.
class Past {
 public:
  explicit Past(const std::vector<store::ComponentInterval>& intervals) {
    for (const auto& interval : intervals) of_[to_string(interval.component)].push_back(&interval);
  }

  /// Null where it is not known.
  [[nodiscard]] Json state_at(const std::string& component, WallTime at) const {
    const auto found = of_.find(component);
    if (found == of_.end()) return {};
    const auto& states = found->second;
    const auto after = std::ranges::upper_bound(states, at, {}, [](const auto* one) { return one->since; });
    if (after == states.begin()) return {};
    const auto& then = **std::prev(after);
    if (then.until.value_or(WallTime::max()) <= at || then.state == ComponentState::unknown) return {};
    return to_string(then.state);
  }

 private:
  std::map<std::string, std::vector<const store::ComponentInterval*>> of_;
};

WallTime moment_of(const Json& object, const char* key) {
  return parse_time(text_of(object, key)).value_or(WallTime{});
}

/// The members that the incident had at an update, and what became of them since the one before (or the onset).
Json affected_by(const Json& incident, WallTime before, WallTime at, const Past& past) {
  Json out = Json::array();
  for (const auto& member : incident["components"]) {
    if (moment_of(member, "joined_at") > at) continue;
    const auto id = member["id"].get<std::string>();
    out.push_back({{"code", id_of_component(member)},
                   {"name", name_of(member)},
                   {"old_status", past.state_at(id, before)},
                   {"new_status", past.state_at(id, at)}});
  }
  return out;
}

/// Newest first.
Json updates_of(const Json& incident, const Past& past) {
  const auto id = json::written(incident["id"]);
  Json out = Json::array();
  // The moment before anything was bad.
  WallTime before = moment_of(incident, "onset") - Micros{1};
  std::size_t number = 0;
  for (const auto& update : incident["timeline"]) {
    const auto at = moment_of(update, "at");
    out.push_back({{"id", id + "-" + std::to_string(++number)},
                   {"status", update["state"]},
                   {"body", update["text"]},
                   {"incident_id", id},
                   {"created_at", update["at"]},
                   {"updated_at", update["at"]},
                   {"display_at", update["at"]},
                   {"affected_components", affected_by(incident, before, at, past)},
                   {"deliver_notifications", true},
                   {"custom_tweet", nullptr},
                   {"tweet_id", nullptr}});
    before = at;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

Json incident_form(const Json& incident, const Past& past, const std::string& address) {
  const auto id = json::written(incident["id"]);
  Json parts = Json::array();
  int position = 1;
  for (const auto& member : incident["components"]) parts.push_back(component_form(member, position++, incident["at"]));
  return {{"id", id},
          {"name", incident["title"]},
          {"status", incident["state"]},
          {"created_at", incident["opened_at"]},
          {"updated_at", incident["timeline"].empty() ? incident["opened_at"] : incident["timeline"].back()["at"]},
          {"monitoring_at", value_or_null(incident, "monitoring_at")},
          {"resolved_at", value_or_null(incident, "resolved_at")},
          {"impact", impact_of(incident)},
          {"shortlink", address + "/incidents/" + id},
          {"started_at", incident["onset"]},
          {"page_id", kPageId},
          {"incident_updates", updates_of(incident, past)},
          {"components", parts}};
}

Json incidents_of(const Json& incidents, const StatuspageSources& sources) {
  const auto intervals = sources.intervals();
  const Past past(intervals);
  Json out = Json::array();
  for (const auto& incident : incidents) out.push_back(incident_form(incident, past, sources.address));
  return out;
}

enum class Stage { scheduled, in_progress, completed };

Stage stage_of(const MaintenanceWindow& window, WallTime now) {
  if (now < window.begins) return Stage::scheduled;
  return now < window.ends ? Stage::in_progress : Stage::completed;
}

Json maintenance_form(const MaintenanceWindow& window, Stage stage, const StatuspageSources& sources) {
  constexpr std::array kStages{"scheduled", "in_progress", "completed"};
  const auto begins = format_time(window.begins);
  const auto ends = format_time(window.ends);
  const bool over = stage == Stage::completed;
  Json changed = over ? Json(ends) : Json(begins);
  if (stage == Stage::scheduled) changed = nullptr;
  Json parts = Json::array();
  int position = 1;
  for (const auto& component : sources.status["components"]) {
    const ComponentId id{component["platform"].get<std::string>(), component["function"].get<std::string>()};
    if (window.components.matches(id)) parts.push_back(component_form(component, position++, sources.status["at"]));
  }
  return {{"id", "maintenance-" + std::to_string(window.id) + "-" + begins},
          {"name", window.title.empty() ? "Maintenance of " + to_string(window.components) : window.title},
          {"status", kStages.at(static_cast<std::size_t>(stage))},
          {"created_at", nullptr},
          {"updated_at", changed},
          {"monitoring_at", nullptr},
          {"resolved_at", over ? Json(ends) : Json()},
          {"impact", "maintenance"},
          {"shortlink", sources.address + "/"},
          {"started_at", begins},
          {"scheduled_for", begins},
          {"scheduled_until", ends},
          {"page_id", kPageId},
          {"incident_updates", Json::array()},
          {"components", parts}};
}

/// Those of some stages; of one that repeats only the next time to come.
Json maintenance_of(const StatuspageSources& sources, std::initializer_list<Stage> stages) {
  const auto now = moment_of(sources.status, "at");
  std::set<std::int64_t> to_come;
  Json out = Json::array();
  for (const auto& window : sources.maintenance()) {
    const auto stage = stage_of(window, now);
    if (std::ranges::find(stages, stage) == stages.end()) continue;
    if (stage == Stage::scheduled && !to_come.insert(window.id).second) continue;
    out.push_back(maintenance_form(window, stage, sources));
  }
  return out;
}

/// The worst of the open incidents and of what fails without one.
Json indicator_of(const Json& status) {
  constexpr std::array kIndicators{"none", "minor", "major", "critical"};
  std::size_t worst = 0;
  for (const auto& incident : status["incidents"]) {
    const auto severity = parse_enum<Severity>(text_of(incident, "severity")).value_or(Severity::minor);
    worst = std::max(worst, static_cast<std::size_t>(severity) + 1);
  }
  for (const auto& component : status["components"]) {
    const auto state = text_of(component, "state");
    if (state == "major_outage") worst = std::max<std::size_t>(worst, 2);
    if (state == "partial_outage" || state == "degraded_performance") worst = std::max<std::size_t>(worst, 1);
  }
  return {{"indicator", kIndicators.at(worst)}, {"description", status["summary"]}};
}

}  // namespace

std::optional<Json> statuspage_document(const std::string& name, const StatuspageSources& sources) {
  const auto& status = sources.status;
  Json out;
  out["page"] = {{"id", kPageId},
                 {"name", status["site"]["name"]},
                 {"url", sources.address},
                 {"time_zone", "Etc/UTC"},
                 {"updated_at", status["at"]}};
  if (name == "status.json" || name == "summary.json") out["status"] = indicator_of(status);
  if (name == "components.json" || name == "summary.json") out["components"] = components_of(status);
  if (name == "incidents.json") out["incidents"] = incidents_of(sources.incidents(), sources);
  if (name == "incidents/unresolved.json" || name == "summary.json")
    out["incidents"] = incidents_of(status["incidents"], sources);
  if (name == "scheduled-maintenances.json")
    out["scheduled_maintenances"] = maintenance_of(sources, {Stage::scheduled, Stage::in_progress, Stage::completed});
  if (name == "scheduled-maintenances/upcoming.json")
    out["scheduled_maintenances"] = maintenance_of(sources, {Stage::scheduled});
  if (name == "scheduled-maintenances/active.json")
    out["scheduled_maintenances"] = maintenance_of(sources, {Stage::in_progress});
  if (name == "summary.json")
    out["scheduled_maintenances"] = maintenance_of(sources, {Stage::scheduled, Stage::in_progress});
  if (out.size() == 1) return std::nullopt;
  return out;
}

}  // namespace outaged::serve
