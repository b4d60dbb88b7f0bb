#pragma once
// The outage of 3 July 2019 as an incident: media failed on three platforms while text kept working.
#include "base/units.hpp"
#include "incident/incident.hpp"
#include "notify/message.hpp"

namespace outaged::test {

inline WallTime utc(const char* text) {
  return parse_time(text).value();
}

/// When the message about it is sent.
inline const WallTime kSent = utc("2019-07-03T13:10:02Z");

inline incident::AffectedComponent part(const char* id, double share, double worst, Layer layer) {
  incident::AffectedComponent component;
  component.id = parse_component(id).value();
  component.state = share > 0 ? ComponentState::partial_outage : ComponentState::operational;
  component.peak_state = ComponentState::partial_outage;
  component.onset = utc("2019-07-03T13:04:10Z");
  component.joined_at = utc("2019-07-03T13:09:30Z");
  component.share = share;
  component.worst_share = worst;
  component.layer = layer;
  component.kind = "status";
  return component;
}

inline incident::Incident july_2019() {
  incident::Incident incident;
  incident.id = {12};
  incident.severity = Severity::major;
  incident.peak_severity = Severity::major;
  incident.title = "Media upload and media download fail on WhatsApp, Instagram and Facebook";
  incident.diagnosis =
      "About 31 % of attempts fail now; it began at 13:04 UTC. The media tier answers HTTP 5xx. Messages and log-in "
      "work.";
  incident.shared_cause = true;
  incident.layer = Layer::http;
  incident.onset = utc("2019-07-03T13:04:10Z");
  incident.opened_at = utc("2019-07-03T13:09:30Z");
  incident.components = {part("whatsapp/media-upload", 0.31, 0.31, Layer::http),
                         part("whatsapp/media-download", 0.28, 0.34, Layer::timeout),
                         part("facebook/media-upload", 1.0, 1.0, Layer::http)};
  incident.timeline = {{incident.opened_at, incident::UpdateKind::detected, IncidentState::investigating, "Opened."}};
  return incident;
}

inline incident::Incident july_2019_resolved() {
  auto incident = july_2019();
  incident.state = IncidentState::resolved;
  incident.severity = Severity::minor;
  incident.diagnosis = "All parts have worked again since 22:10 UTC.";
  for (auto& part : incident.components) part.state = ComponentState::operational, part.share = 0;
  incident.components[0].worst_share = 0.66;
  incident.recovery = utc("2019-07-03T22:10:40Z");
  incident.resolved_at = utc("2019-07-03T22:25:40Z");
  incident.timeline.push_back({utc("2019-07-03T18:00:00Z"), incident::UpdateKind::severity, incident.state, "Worse."});
  incident.timeline.push_back(
      {utc("2019-07-03T22:25:40Z"), incident::UpdateKind::resolved, IncidentState::resolved, "Resolved."});
  return incident;
}

inline notify::Context july_2019_context() {
  notify::Context context;
  context.site = "milan";
  context.public_address = "https://status.example.org";
  for (const char* id : {"whatsapp/message", "whatsapp/login", "facebook/login", "own/shop", "whatsapp/media-upload"})
    context.working.push_back(parse_component(id).value());
  context.own_network = notify::OwnNetwork{true, 4, 0};
  return context;
}

}  // namespace outaged::test
