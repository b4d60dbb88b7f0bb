#pragma once
// Clean-up steps (`always`): which of a run's values such a step needs, so that it can be done later, by another run of
// the program.
#include <map>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "probe/definition.hpp"

namespace outaged::probe {

/// The saved values that a clean-up step names, once all that its address names are there. Nothing for other steps, for
/// one whose address names none (there is nothing in particular to delete), and when a value looks like a credential:
/// these are to be kept in the database, where secrets must not go.
std::optional<std::map<std::string, std::string>> values_for_clean_up(const Step& step, const RunValues& values,
                                                                      const Redactor& redactor);

}  // namespace outaged::probe
