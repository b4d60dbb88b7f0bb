#pragma once
// What people say and decide about an incident. A value: from the API to the ledger.
#include <array>
#include <string>
#include <string_view>

#include "base/named_enum.hpp"
#include "core/names.hpp"

namespace outaged::incident {

enum class InterventionKind {
  acknowledge,  ///< somebody is looking after it
  note,         ///< anything worth keeping
  hypothesis,   ///< what somebody thinks the cause is
  vendor,       ///< what the platform's owner says
  resolve,      ///< it is over, whatever the probes say
  reopen        ///< it is not over; stays open until a person resolves it, or it fails and recovers again
};

struct Intervention {
  IncidentId incident;
  InterventionKind kind = InterventionKind::note;
  std::string by;    ///< who, as shown; never empty
  std::string text;  ///< printable; empty only where the kind says enough
};

/// The kinds that say nothing without a text.
constexpr bool needs_text(InterventionKind kind) {
  return kind == InterventionKind::note || kind == InterventionKind::hypothesis || kind == InterventionKind::vendor;
}

}  // namespace outaged::incident

namespace outaged {
template <>
inline constexpr auto kEnumNames<incident::InterventionKind> =
    std::to_array<std::string_view>({"acknowledge", "note", "hypothesis", "vendor", "resolve", "reopen"});
}  // namespace outaged
