#pragma once
// Incidents in plain words. Deterministic: the same incident in the same surroundings reads the same. English.
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "detect/finding.hpp"
#include "incident/incident.hpp"
#include "incident/pattern.hpp"

namespace outaged::incident {

/// What is known beside the incident when it is described.
struct Surroundings {
  /// All watched components and what is believed of them.
  std::map<ComponentId, ComponentState> components;
  FailureCounts failures = {};  ///< of all members of open incidents
  /// When the run began that was each one's latest success; what has had none is missing.
  std::map<ComponentId, WallTime> answered = {};
  bool online = true;   ///< our own network, now
  bool checked = true;  ///< there are control probes
  bool silent = false;  ///< they had not answered when it was last decided
};

/// "WhatsApp"; a name of the user's own: "my-shop" → "My shop".
std::string platform_name(std::string_view platform);
/// "Media upload", "Messages"; "checkout-api" → "Checkout api".
std::string function_name(std::string_view function);
/// "Media upload on WhatsApp".
std::string component_name(const ComponentId& component);

/// "WhatsApp, Instagram and Facebook".
std::string join_names(std::span<const std::string> names);

/// "Media upload fails on WhatsApp, Instagram and Facebook", "Everything fails on WhatsApp".
std::string title(const Incident& incident, const Surroundings& surroundings);

/// "About 70 % of attempts fail now; it began at 14:02 UTC. The media tier answers with HTTP errors (HTTP 503). Still
/// working: messages and log-in. Our own network is fine."
std::string diagnosis(const Incident& incident, const Surroundings& surroundings);

/// For timelines: "Media upload on WhatsApp: 3 of 4 attempts failed since 14:02 UTC (HTTP 503 …)."
std::string evidence_line(const detect::ComponentFinding& finding);
/// What follows the name of a component that joins, and of one that recovers; how the end of a slowness is told that
/// has lasted so long that it is usual.
inline constexpr std::string_view kJoinedWords = " fails too: ";
inline constexpr std::string_view kRecoveredWords = " works again.";
inline constexpr std::string_view kAccustomedWords = ": taken as the new normal.";

/// What is new about a diagnosis, before it on the timeline.
inline constexpr std::string_view kElsewhereWords = "It breaks elsewhere now.";
inline constexpr std::string_view kNewPatternWords = "What it is shows more clearly now.";
inline constexpr std::string_view kMoreWords = "More fails now.";
inline constexpr std::string_view kLessWords = "Less fails now.";
/// The one of them that an entry begins with; nothing when it begins with none.
std::string_view news_of_diagnosis(std::string_view entry);

/// Of one more: "Media upload on WhatsApp fails too: 3 of 4 attempts …".
std::string joined_line(const detect::ComponentFinding& finding);
/// Of one that was said to work: "Failing again. Media upload on WhatsApp: 3 of 4 …", "Slow again after it was over.
/// …".
std::string again_line(const detect::ComponentFinding& finding, std::string_view when);

/// "All attempts", "About 70 % of attempts", "Few attempts".
std::string share_words(double share);
/// The share of attempts that fails on those members that fail; 0 when none does.
double failing_share(const Incident& incident);
/// What a diagnosis has told of it, to the precision of its words; nothing when it told none.
std::optional<double> told_share(std::string_view diagnosis);

}  // namespace outaged::incident
