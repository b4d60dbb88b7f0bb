#pragma once
// The states of an incident and what moves it from one to the next, as a table.
#include <optional>

#include "core/vocabulary.hpp"

namespace outaged::incident {

enum class Cause {
  located,   ///< it is clear where it breaks
  quiet,     ///< every component is believed healthy again
  relapsed,  ///< a component fails again
  over,      ///< the quiet period of every component has passed
};

/// The state that follows, or nothing when the cause changes nothing. `located`: it is clear where it breaks.
std::optional<IncidentState> next_state(IncidentState state, Cause cause, bool located);

}  // namespace outaged::incident
