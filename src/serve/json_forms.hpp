#pragma once
// The JSON forms of the domain's values in the API and in `outagectl --json`. Stable: fields are added, never renamed.
// Durations are milliseconds with three decimals (…_ms), times RFC 3339 UTC, enums the names of core/vocabulary.hpp.
#include <nlohmann/json_fwd.hpp>

#include "core/result.hpp"
#include "incident/incident.hpp"

namespace outaged::serve {

nlohmann::json json_form(const Result& result);
nlohmann::json json_form(const Failure& failure);
/// `now` becomes "at", so that a reader can say how long an open incident lasts without a clock of its own.
nlohmann::json json_form(const incident::Incident& incident, WallTime now);

/// How long an incident in this form lasted, or has lasted so far, in words; empty where its times make no sense.
std::string lasted(const nlohmann::json& incident);

/// How old the last result of a component in this form is at the time `at`; empty where it is not so old that it must
/// be said.
std::string age_worth_telling(const nlohmann::json& component, const std::string& at);

/// Milliseconds as a number.
double milliseconds(Micros duration);

/// The string at `key`; empty when there is none.
std::string text_of(const nlohmann::json& object, const char* key);

}  // namespace outaged::serve
