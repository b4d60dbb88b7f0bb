#pragma once
// Builders of findings and incidents; a test names only what matters to it.
#include <string>
#include <vector>

#include "incident/ledger.hpp"

namespace outaged::test {

using namespace std::chrono_literals;

inline const WallTime kNoon = *parse_time("2026-03-02T12:00:00Z");

inline ComponentId component(const std::string& text) {
  return *parse_component(text);
}

inline detect::ComponentFinding finding(const std::string& id, detect::Turn turn, WallTime at,
                                        ComponentState state = ComponentState::major_outage,
                                        Layer layer = Layer::http) {
  detect::ComponentFinding one;
  one.component = component(id);
  one.turn = turn;
  one.state = state;
  one.at = at;
  one.onset = at - 60s;
  one.last_failure = at - 5s;
  one.layer = layer;
  one.evidence.attempts = 4;
  one.evidence.since = one.onset;
  one.evidence.failures = 3;
  one.evidence.layers[layer] = 3;
  one.evidence.kinds["status"] = 3;
  one.evidence.example = "HTTP 503";
  return one;
}
inline detect::ComponentFinding opened(const std::string& id, WallTime at,
                                       ComponentState state = ComponentState::major_outage, Layer layer = Layer::http) {
  return finding(id, detect::Turn::opened, at, state, layer);
}
/// It answers, but late.
inline detect::ComponentFinding slow(const std::string& id, WallTime at) {
  auto one = opened(id, at, ComponentState::degraded_performance);
  one.layer.reset();
  one.evidence.failures = 0;
  one.evidence.layers.clear();
  one.evidence.kinds = {{"slow", 4}};
  one.evidence.example.clear();
  return one;
}
inline detect::ComponentFinding recovering(const std::string& id, WallTime at) {
  return finding(id, detect::Turn::recovering, at, ComponentState::operational);
}
inline detect::ComponentFinding recovered(const std::string& id, WallTime at) {
  return finding(id, detect::Turn::recovered, at, ComponentState::operational);
}

inline std::vector<ComponentId> watched() {
  std::vector<ComponentId> out;
  for (const std::string platform : {"whatsapp", "instagram", "facebook"}) {
    for (const std::string function : {"media-upload", "message", "login"}) {
      out.push_back(component(platform + "/" + function));
    }
  }
  return out;
}

inline incident::Ledger ledger(incident::Settings settings = {}) {
  incident::Ledger one{std::move(settings), watched(), IncidentId{1}};
  for (const auto& id : watched()) {
    (void)one.apply(finding(to_string(id), detect::Turn::revealed, kNoon - 1h, ComponentState::operational));
  }
  return one;
}

inline incident::AffectedComponent affected(const std::string& id, ComponentState state = ComponentState::major_outage,
                                            double share = 1) {
  incident::AffectedComponent one;
  one.id = component(id);
  one.state = one.peak_state = state;
  one.onset = one.joined_at = kNoon;
  one.share = one.worst_share = share;
  one.layer = Layer::http;
  one.example = "HTTP 503";
  return one;
}

inline incident::Incident incident_of(std::vector<incident::AffectedComponent> components) {
  incident::Incident one;
  one.id = IncidentId{1};
  one.onset = one.opened_at = kNoon;
  one.components = std::move(components);
  one.layer = Layer::http;
  return one;
}

inline std::vector<std::string> kinds_of(const incident::Incident& one) {
  std::vector<std::string> out;
  for (const auto& entry : one.timeline) out.emplace_back(to_string(entry.kind));
  return out;
}

}  // namespace outaged::test
