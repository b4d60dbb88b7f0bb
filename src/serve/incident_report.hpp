#pragma once
// The report of one incident, for people who were not there: Markdown, made from the incident's JSON form. Pure.
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace outaged::serve {

/// Summary, times, components, timeline. Texts from outside are escaped, so that they cannot become markup.
std::string incident_report(const nlohmann::json& incident);

}  // namespace outaged::serve
