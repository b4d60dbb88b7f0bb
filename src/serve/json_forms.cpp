#include "serve/json_forms.hpp"

#include <nlohmann/json.hpp>

#include "base/units.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

Json phases_form(const PhaseTimes& phases) {
  Json out = Json::object();
  for (std::size_t i = 0; i < phases.of.size(); ++i)
    out[std::string{to_string(static_cast<Phase>(i))}] = milliseconds(phases.of[i]);
  return out;
}

Json step_form(const StepResult& step) {
  Json out = {{"step", step.step},
              {"kind", to_string(step.kind)},
              {"class", to_string(step.result_class)},
              {"phases_ms", phases_form(step.phases)},
              {"address", step.address},
              {"status", step.status},
              {"bytes_sent", step.bytes_sent},
              {"bytes_received", step.bytes_received}};
  if (step.failure) out["failure"] = json_form(*step.failure);
  if (step.certificate_ends) out["certificate_ends"] = format_time(*step.certificate_ends);
  return out;
}

Json component_form(const incident::AffectedComponent& component) {
  Json out = {{"id", to_string(component.id)},
              {"platform", component.id.platform},
              {"function", component.id.function},
              {"state", to_string(component.state)},
              {"peak_state", to_string(component.peak_state)},
              {"onset", format_time(component.onset)},
              {"joined_at", format_time(component.joined_at)},
              {"failure_share", component.share},
              {"worst_share", component.worst_share},
              {"kind", component.kind},
              {"example", component.example}};
  if (component.layer) out["layer"] = to_string(*component.layer);
  if (component.last_failure) out["last_failure_at"] = format_time(*component.last_failure);
  if (component.recovered_at) out["recovered_at"] = format_time(*component.recovered_at);
  return out;
}

}  // namespace

double milliseconds(Micros duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// As incident::end_of() has it; a form may come from elsewhere, so nothing of it is taken for granted.
std::string lasted(const Json& incident) {
  auto end = text_of(incident, "at");
  if (auto resolved = text_of(incident, "resolved_at"); !resolved.empty()) {
    const auto recovery = text_of(incident, "recovery");
    end = recovery.empty() ? std::move(resolved) : recovery;
  }
  const auto from = parse_time(text_of(incident, "onset"));
  const auto to = parse_time(end);
  return from && to && *to >= *from ? format_duration_rounded(*to - *from) : std::string{};
}

std::string age_worth_telling(const Json& component, const std::string& at) {
  constexpr auto kFresh = std::chrono::minutes{15};
  const auto last = parse_time(text_of(component, "last_result_at"));
  const auto now = parse_time(at);
  return last && now && *now - *last > kFresh ? format_duration_rounded(*now - *last) : std::string{};
}

Json json_form(const Failure& failure) {
  Json out = {{"layer", to_string(failure.layer)}, {"kind", failure.kind}, {"detail", failure.detail}};
  if (failure.phase) out["phase"] = to_string(*failure.phase);
  return out;
}

Json json_form(const Result& result) {
  Json out = {{"probe", result.probe.name},
              {"component", to_string(result.component)},
              {"trigger", to_string(result.trigger)},
              {"at", format_time(result.at)},
              {"took_ms", milliseconds(result.took)},
              {"class", to_string(result.result_class)},
              {"slow", result.slow},
              {"loop_lag_ms", milliseconds(result.loop_lag)},
              {"steps", Json::array()}};
  if (result.failure) out["failure"] = json_form(*result.failure);
  for (const auto& step : result.steps) out["steps"].push_back(step_form(step));
  return out;
}

Json json_form(const incident::Incident& incident, WallTime now) {
  Json out = {{"id", incident.id.number},
              {"at", format_time(now)},
              {"state", to_string(incident.state)},
              {"severity", to_string(incident.severity)},
              {"peak_severity", to_string(incident.peak_severity)},
              {"title", incident.title},
              {"diagnosis", incident.diagnosis},
              {"shared_cause", incident.shared_cause},
              {"onset", format_time(incident.onset)},
              {"opened_at", format_time(incident.opened_at)},
              {"components", Json::array()},
              {"timeline", Json::array()}};
  if (incident.layer) out["layer"] = to_string(*incident.layer);
  if (incident.monitoring_at) out["monitoring_at"] = format_time(*incident.monitoring_at);
  if (incident.recovery) out["recovery"] = format_time(*incident.recovery);
  if (incident.resolved_at) out["resolved_at"] = format_time(*incident.resolved_at);
  for (const auto& component : incident.components) out["components"].push_back(component_form(component));
  for (const auto& update : incident.timeline)
    out["timeline"].push_back({{"at", format_time(update.at)},
                               {"kind", to_string(update.kind)},
                               {"state", to_string(update.state)},
                               {"text", update.text}});
  return out;
}

}  // namespace outaged::serve
