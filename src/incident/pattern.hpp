#pragma once
// The pattern of an outage in a word or two, with the counts behind it: what an experienced operator would call it.
//
//   names gone   the names cannot be resolved (DNS): 4 October 2021
//   routes gone  no connection comes about (TCP)
//   edge         connections come about, secure ones do not (TLS)
//   media tier   pictures, films and feeds fail; what else the same platforms do works: 3 July 2019
//   log-in       log-in fails, or credentials are refused wherever they are needed: 5 March 2024
//   origin       the platform answers, with an error or with something wrong
//   slow         nothing fails, answers take longer
// Failures that are only silence have no word: they would fit several. That we alone are refused (blocked) is never an
// incident but a probe problem. Pure.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "incident/incident.hpp"

namespace outaged::incident {

enum class Pattern { names_gone, routes_gone, edge, media_tier, log_in, origin, slow };

/// What is known of a component beside its part in the incident: failures by layer, as reported last.
using FailureCounts = std::map<ComponentId, std::map<Layer, int>>;

struct PatternFound {
  Pattern pattern;
  int of_it = 0;     ///< failures that speak for it (slow: components that are)
  int failures = 0;  ///< all that were counted
  bool operator==(const PatternFound&) const = default;
};

/// What is told of it breaks nothing yet: a certificate that ends in some days.
bool only_warns(const AffectedComponent& one);

/// At `now`, of the members that fail or have worked again for less than half an hour; of all of them once none fails.
/// `works`: the components that are believed to work.
std::optional<PatternFound> pattern_of(const std::vector<AffectedComponent>& members, const FailureCounts& counts,
                                       const std::vector<ComponentId>& works, WallTime now);

/// Whether a pattern may be named beside a sentence that says that it breaks at this layer.
bool agrees(Pattern pattern, std::optional<Layer> layer);

/// "41 of 44 failures are of DNS (names gone)."
std::string sentence(const PatternFound& found);

/// Of an incident that is over: "The names could not be resolved (DNS)."
std::string looking_back(Pattern pattern);

/// The pattern whose sentence stands in a diagnosis; also as it was written up to version 0.1: "Names gone: 41 of …".
std::optional<Pattern> named_pattern(std::string_view diagnosis);

/// The pattern that the diagnoses of the timeline have named for the longest time until `end`.
std::optional<Pattern> longest_pattern(const std::vector<Update>& timeline, WallTime end);

}  // namespace outaged::incident

namespace outaged {
template <>
inline constexpr auto kEnumNames<incident::Pattern> =
    std::to_array<std::string_view>({"Names gone", "Routes gone", "Edge", "Media tier", "Log-in", "Origin", "Slow"});
}  // namespace outaged
