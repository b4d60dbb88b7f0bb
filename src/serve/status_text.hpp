#pragma once
// The status document (status.hpp, API and `outagectl status --json`) as text for people. Pure.
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace outaged::serve {

struct TextStyle {
  bool color = false;
};

/// The matrix of platforms and functions, open incidents, our own network, probe problems.
std::string render_status(const nlohmann::json& document, TextStyle style);

/// One line per incident, newest first.
std::string render_incidents(const nlohmann::json& incidents, TextStyle style);

/// One incident with its diagnosis, components and timeline.
std::string render_incident(const nlohmann::json& incident, TextStyle style);

/// One run of a probe: the verdict, then every step with its phases.
std::string render_result(const nlohmann::json& result, TextStyle style);

/// The list of probes with what each last found.
std::string render_probes(const nlohmann::json& probes, TextStyle style);
/// What was asked of each owner within the last hour, of what may be.
std::string render_budgets(const nlohmann::json& budgets, TextStyle style);

}  // namespace outaged::serve
