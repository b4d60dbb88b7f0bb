#include "outagesim/incident_script.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/json/parse.hpp"
#include "base/json/shape.hpp"
#include "base/units.hpp"

namespace outaged::sim {
namespace {

json::Shape<WallTime> time_shape() {
  return json::converted<WallTime, std::string>(
      json::text(),
      [](const std::string& text, const json::Cursor& cursor) {
        const auto time = parse_time(text);
        if (!time) cursor.fault("\"" + text + "\"", "a time such as \"2019-07-03T14:00:00Z\"");
        return time;
      },
      [](const WallTime& time) { return format_time(time); });
}

/// A phase's times; the rest of it is a fault.
struct Span {
  WallTime start;
  WallTime end;
};

json::Shape<Span> span_shape() {
  return json::object<Span>()
      .required("start", &Span::start, time_shape(), "First moment.")
      .required("end", &Span::end, time_shape(), "First moment after it.")
      .check([](const Span& span, const json::Cursor& cursor) {
        if (span.start < span.end) return true;
        cursor.at("end").fault(format_time(span.end), "a time after the start");
        return false;
      })
      .build();
}

json::Shape<IncidentPhase> phase_shape() {
  json::Shape<IncidentPhase> shape;
  shape.schema = {{"type", "object"}};
  shape.read = [span = span_shape(), fault = fault_shape()](
                   const json::Json& value, const json::Cursor& cursor) -> std::optional<IncidentPhase> {
    if (!value.is_object()) {
      cursor.fault(json::describe(value), "an object");
      return std::nullopt;
    }
    json::Json times = json::Json::object();
    json::Json rest = json::Json::object();
    for (const auto& [key, content] : value.items()) {
      if (key == "note") continue;
      (key == "start" || key == "end" ? times : rest)[key] = content;
    }
    const auto when = span.read(times, cursor);
    const auto what = fault.read(rest, cursor);
    if (!when || !what) return std::nullopt;
    return IncidentPhase{when->start, when->end, *what};
  };
  shape.write = [fault = fault_shape()](const IncidentPhase& phase) {
    json::Json out = fault.write(phase.fault);
    out["start"] = format_time(phase.start);
    out["end"] = format_time(phase.end);
    return out;
  };
  return shape;
}

}  // namespace

WallTime Incident::begins() const {
  return std::ranges::min_element(phases, {}, &IncidentPhase::start)->start;
}

WallTime Incident::ends() const {
  return std::ranges::max_element(phases, {}, &IncidentPhase::end)->end;
}

std::vector<Fault> Incident::faults_at(WallTime time) const {
  std::vector<Fault> out;
  for (const auto& phase : phases) {
    if (phase.start <= time && time < phase.end) out.push_back(phase.fault);
  }
  return out;
}

void Incident::last(Micros length) {
  const WallTime begin = begins();
  const double factor = static_cast<double>(length.count()) / static_cast<double>((ends() - begin).count());
  const auto move = [&](WallTime& time) {
    const auto seconds = std::chrono::duration<double>(time - begin) * factor;
    time = begin + std::chrono::round<std::chrono::seconds>(seconds);
  };
  for (auto& phase : phases) {
    move(phase.start);
    move(phase.end);
  }
  if (vendor_acknowledged_at) move(*vendor_acknowledged_at);
  if (resolved_at) move(*resolved_at);
}

std::vector<std::string> Incident::platforms() const {
  std::set<std::string> out;
  for (const auto& phase : phases) out.insert(phase.fault.platforms.begin(), phase.fault.platforms.end());
  return {out.begin(), out.end()};
}

std::vector<std::string> Incident::functions() const {
  std::set<std::string> out;
  for (const auto& phase : phases) {
    if (phase.fault.functions.empty()) return {};
    out.insert(phase.fault.functions.begin(), phase.fault.functions.end());
  }
  return {out.begin(), out.end()};
}

std::vector<WallTime> Incident::turns() const {
  std::set<WallTime> out;
  for (const auto& phase : phases) {
    out.insert(phase.start);
    out.insert(phase.end);
  }
  return {out.begin(), out.end()};
}

Expected<std::string, std::string> find_incident(const std::string& name, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::is_regular_file(name, ignored)) return name;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string file = entry.path().filename().string();
    if (file.starts_with(name) && file.ends_with(".json")) found.push_back(entry.path().string());
  }
  if (found.size() == 1) return found.front();
  return Unexpected{(found.empty() ? "no incident file is called " : "several incident files begin with ") + name +
                    " (looked in " + folder + ")"};
}

Expected<Incident, json::Faults> read_incident(const std::string& path) {
  const auto document = json::parse_file(path);
  if (!document) return Unexpected{json::Faults{document.error()}};
  json::Faults faults;
  const json::Cursor cursor(path, faults);
  if (!document->is_object()) {
    cursor.fault(json::describe(*document), "an object");
    return Unexpected{faults};
  }
  Incident incident;
  // An incident file also says what is expected of a detector and where it comes from; that is not read here.
  if (const auto id = json::nonempty_text().read(document->value("id", json::Json()), cursor.at("id")))
    incident.id = *id;
  if (const auto title = json::text().read(document->value("title", json::Json("")), cursor.at("title")))
    incident.title = *title;
  const auto phases =
      json::list(phase_shape(), 1, 1000).read(document->value("phases", json::Json()), cursor.at("phases"));
  const auto moment = [&](const char* key) {
    const auto value = document->value(key, json::Json());
    return value.is_null() ? std::nullopt : time_shape().read(value, cursor.at(key));
  };
  incident.vendor_acknowledged_at = moment("vendor_acknowledged_at");
  incident.resolved_at = moment("resolved_at");
  if (!faults.empty() || !phases) return Unexpected{faults};
  incident.phases = *phases;
  return incident;
}

}  // namespace outaged::sim
