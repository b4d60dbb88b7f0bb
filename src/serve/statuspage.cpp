#include "serve/statuspage.hpp"

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "incident/wording.hpp"

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

Json incident_form(const Json& incident, const std::string& address) {
  const auto id = incident["id"].dump();
  Json affected = Json::array();
  Json parts = Json::array();
  int position = 1;
  for (const auto& member : incident["components"]) {
    parts.push_back(component_form(member, position++, incident["at"]));
    affected.push_back({{"code", id_of_component(member)},
                        {"name", name_of(member)},
                        {"old_status", "operational"},
                        {"new_status", state_of(member)}});
  }
  Json updates = Json::array();
  std::size_t number = incident["timeline"].size();
  for (auto update = incident["timeline"].rbegin(); update != incident["timeline"].rend(); ++update) {
    updates.push_back({{"id", id + "-" + std::to_string(number--)},
                       {"status", (*update)["state"]},
                       {"body", (*update)["text"]},
                       {"incident_id", id},
                       {"created_at", (*update)["at"]},
                       {"updated_at", (*update)["at"]},
                       {"display_at", (*update)["at"]},
                       {"affected_components", affected},
                       {"deliver_notifications", true},
                       {"custom_tweet", nullptr},
                       {"tweet_id", nullptr}});
  }
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
          {"incident_updates", updates},
          {"components", parts}};
}

Json incidents_of(const Json& incidents, const std::string& address) {
  Json out = Json::array();
  for (const auto& incident : incidents) out.push_back(incident_form(incident, address));
  return out;
}

Json indicator_of(const Json& status) {
  std::string indicator = "none";
  for (const auto& incident : status["incidents"]) {
    const auto severity = incident["severity"].get<std::string>();
    if (severity == "critical" || (severity == "major" && indicator != "critical") || indicator == "none")
      indicator = severity;
  }
  if (indicator == "none" && status["indicator"] == "degraded") indicator = "minor";
  return {{"indicator", indicator}, {"description", status["summary"]}};
}

}  // namespace

std::optional<Json> statuspage_document(const std::string& name, const Json& status, const Json& incidents,
                                        const std::string& address) {
  const Json page = {{"id", kPageId},
                     {"name", status["site"]["name"]},
                     {"url", address},
                     {"time_zone", "Etc/UTC"},
                     {"updated_at", status["at"]}};
  if (name == "status.json") return Json{{"page", page}, {"status", indicator_of(status)}};
  if (name == "components.json") return Json{{"page", page}, {"components", components_of(status)}};
  if (name == "incidents.json") return Json{{"page", page}, {"incidents", incidents_of(incidents, address)}};
  if (name == "incidents/unresolved.json")
    return Json{{"page", page}, {"incidents", incidents_of(status["incidents"], address)}};
  if (name == "scheduled-maintenances.json" || name == "scheduled-maintenances/upcoming.json" ||
      name == "scheduled-maintenances/active.json")
    return Json{{"page", page}, {"scheduled_maintenances", Json::array()}};
  if (name == "summary.json")
    return Json{{"page", page},
                {"status", indicator_of(status)},
                {"components", components_of(status)},
                {"incidents", incidents_of(status["incidents"], address)},
                {"scheduled_maintenances", Json::array()}};
  return std::nullopt;
}

}  // namespace outaged::serve
