#pragma once
// Incidents in plain words. Deterministic: the same incident in the same surroundings reads the same. English.
#include <map>
#include <span>
#include <string>
#include <vector>

#include "detect/finding.hpp"
#include "incident/incident.hpp"

namespace outaged::incident {

/// What is known beside the incident when it is described.
struct Surroundings {
  /// All watched components and what is believed of them.
  std::map<ComponentId, ComponentState> components;
  bool online = true;  ///< our own network, now
  detect::OwnNetwork own_network = detect::OwnNetwork::fine;
};

/// "WhatsApp", "Media upload"; a name of the user's own: "checkout-api" → "Checkout api".
std::string platform_name(std::string_view platform);
std::string function_name(std::string_view function);

/// "WhatsApp, Instagram and Facebook".
std::string join_names(std::span<const std::string> names);

/// "Media upload fails on WhatsApp, Instagram and Facebook".
std::string title(const Incident& incident);

/// "About 70 % of attempts have failed since 14:02 UTC; the media tier answers HTTP 5xx. Messages and log-in work. Our
/// own network is fine."
std::string diagnosis(const Incident& incident, const Surroundings& surroundings);

}  // namespace outaged::incident
