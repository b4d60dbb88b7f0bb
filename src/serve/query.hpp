#pragma once
// Reading the query of a request. A value that is no good is an answer for whoever sent it.
#include <optional>
#include <string>

#include "base/expected.hpp"
#include "base/number.hpp"
#include "base/units.hpp"
#include "core/names.hpp"
#include "serve/http.hpp"

namespace outaged::serve {

/// Text of the parameter; nothing when it is not there.
inline std::optional<std::string> parameter(const Request& request, const char* name) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return std::nullopt;
  return found->second;
}

/// A duration back from `now` ("30d"), or a time; `fallback` when it is not there.
inline Expected<WallTime, Response> time_parameter(const Request& request, const char* name, WallTime now,
                                                   WallTime fallback) {
  const auto text = parameter(request, name);
  if (!text) return fallback;
  if (const auto age = parse_duration(*text)) return now - *age;
  if (const auto time = parse_time(*text)) return *time;
  return Unexpected{problem(400, "Not a time", std::string{"\""} + name + "\" is a duration such as 30d, or a time.")};
}

inline Expected<Micros, Response> duration_parameter(const Request& request, const char* name, Micros fallback,
                                                     Micros least, Micros most) {
  const auto text = parameter(request, name);
  if (!text) return fallback;
  const auto duration = parse_duration(*text);
  if (duration && *duration >= least && *duration <= most) return *duration;
  return Unexpected{problem(400, "Not a duration",
                            std::string{"\""} + name + "\" is a duration from " + format_duration(least) + " to " +
                                format_duration(most) + ".")};
}

inline Expected<int, Response> limit_parameter(const Request& request, int fallback, int most) {
  const auto text = parameter(request, "limit");
  if (!text) return fallback;
  const auto limit = parse_number<int>(*text);
  if (limit && *limit >= 1 && *limit <= most) return *limit;
  return Unexpected{problem(400, "Not a limit", "\"limit\" is a number from 1 to " + std::to_string(most) + ".")};
}

/// true and false, or 1 and 0; the name alone is true.
inline Expected<bool, Response> flag_parameter(const Request& request, const char* name) {
  const auto text = parameter(request, name);
  if (!text || *text == "false" || *text == "0") return false;
  if (text->empty() || *text == "true" || *text == "1") return true;
  return Unexpected{problem(400, "Not a yes or no", std::string{"\""} + name + "\" is true or false.")};
}

inline Response unwatched(const ComponentId& component) {
  return problem(404, "No such component", "No probe watches " + to_string(component) + ".");
}

}  // namespace outaged::serve
