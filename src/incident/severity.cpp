#include "incident/severity.hpp"

#include <algorithm>
#include <map>

#include "detect/family.hpp"

namespace outaged::incident {
namespace {

double cost(ComponentState state) {
  switch (state) {
    case ComponentState::degraded_performance: return 0.25;
    case ComponentState::partial_outage: return 0.5;
    case ComponentState::major_outage: return 1;
    case ComponentState::operational:
    case ComponentState::under_maintenance:
    case ComponentState::unknown: return 0;
  }
  return 0;
}

double worth(const ComponentId& id) {
  if (id.platform == kOwnPlatform || id.function == "message" || id.function == "login") return 1;
  if (detect::is_media(id.function)) return 0.7;
  return 0.5;
}

}  // namespace

Severity severity_of(const Incident& incident) {
  std::map<std::string, double> platforms;
  for (const AffectedComponent& one : incident.components) {
    double& worst = platforms[one.id.platform];
    worst = std::max(worst, cost(one.peak_state) * worth(one.id));
  }
  double sum = 0;
  for (const auto& [platform, impact] : platforms) sum += impact;
  if (sum < 0.5) return Severity::minor;
  return sum < 1.5 ? Severity::major : Severity::critical;
}

}  // namespace outaged::incident
