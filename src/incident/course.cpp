#include "incident/course.hpp"

#include <array>

namespace outaged::incident {
namespace {

struct Transition {
  IncidentState from;
  Cause cause;
  IncidentState to;
};

using enum IncidentState;
constexpr std::array kTransitions{
    Transition{investigating, Cause::located, identified}, Transition{investigating, Cause::quiet, monitoring},
    Transition{identified, Cause::quiet, monitoring},      Transition{monitoring, Cause::relapsed, investigating},
    Transition{investigating, Cause::over, resolved},      Transition{identified, Cause::over, resolved},
    Transition{monitoring, Cause::over, resolved},
};

}  // namespace

std::optional<IncidentState> next_state(IncidentState state, Cause cause, bool located) {
  for (const Transition& one : kTransitions) {
    if (one.from != state || one.cause != cause) continue;
    return one.to == investigating && located ? identified : one.to;
  }
  return std::nullopt;
}

}  // namespace outaged::incident
