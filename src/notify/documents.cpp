#include "notify/documents.hpp"

#include <nlohmann/json.hpp>

#include "base/units.hpp"
#include "notify/recurrence.hpp"

namespace outaged::notify {
namespace {

using json::Json;

Json time_or_null(const std::optional<WallTime>& time) {
  return time ? Json(format_time(*time)) : Json();
}

}  // namespace

Json json_form(const store::Silence& silence) {
  return {{"id", silence.id},
          {"component", to_string(silence.pattern)},
          {"since", format_time(silence.since)},
          {"until", format_time(silence.until)},
          {"reason", silence.reason},
          {"by", silence.author},
          {"ended", time_or_null(silence.ended)}};
}

Json json_form(const store::Maintenance& maintenance, WallTime now) {
  const auto window = window_at(maintenance, now);
  const auto next = next_window(maintenance, now);
  return {{"id", maintenance.id},
          {"component", to_string(maintenance.pattern)},
          {"title", maintenance.title},
          {"begins", format_time(maintenance.begins)},
          {"duration", format_duration(maintenance.duration)},
          {"zone", maintenance.zone},
          {"rule", maintenance.rule},
          {"by", maintenance.author},
          {"active", window.has_value()},
          {"until", window ? Json(format_time(window->ends)) : Json()},
          {"next", next ? Json(format_time(next->begins)) : Json()},
          {"ended", time_or_null(maintenance.ended)}};
}

Json silences_document(store::Reader& reader, WallTime now) {
  Json out = {{"silences", Json::array()}};
  for (const auto& silence : reader.silences(now)) out["silences"].push_back(json_form(silence));
  return out;
}

Json maintenance_document(store::Reader& reader, WallTime now) {
  Json out = {{"maintenance", Json::array()}};
  for (const auto& maintenance : reader.maintenances()) {
    Json form = json_form(maintenance, now);
    const bool over = !form["active"].get<bool>() && form["next"].is_null();
    if (!over) out["maintenance"].push_back(std::move(form));
  }
  return out;
}

}  // namespace outaged::notify
