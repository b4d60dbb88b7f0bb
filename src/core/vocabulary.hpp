#pragma once
// The words of the field (docs/architecture.md, glossary) as enums; their names are the ones in files, tables, API and
// texts. Order matters where noted.
#include <array>
#include <string_view>

#include "base/named_enum.hpp"

namespace outaged {

/// Part of a request's time. In the order in which they happen.
enum class Phase { dns, connect, tls, send, wait, receive };

/// Where a run failed. `timeout` comes with the phase that was under way; `local` is this machine's own fault.
enum class Layer { dns, tcp, tls, http, api, content, timeout, local };

/// What a result means for the question "does the platform work?" (docs/detection.md).
enum class ResultClass { success, platform_failure, blocked, our_fault, our_network };

/// What a component is believed to be. The names are those of the Statuspage format, and `unknown`.
enum class ComponentState {
  operational,
  degraded_performance,
  partial_outage,
  major_outage,
  under_maintenance,
  unknown
};

enum class IncidentState { investigating, identified, monitoring, resolved };

/// From mild to grave.
enum class Severity { minor, major, critical };

enum class Tier { open, authenticated };

enum class StepKind { dns, tcp, tls, http };

/// Why a probe ran.
enum class Trigger { scheduled, recheck, manual };

template <>
inline constexpr auto kEnumNames<Phase> = std::to_array<std::string_view>({"dns", "connect", "tls", "send", "wait",
                                                                           "receive"});
template <>
inline constexpr auto kEnumNames<Layer> = std::to_array<std::string_view>({"dns", "tcp", "tls", "http", "api",
                                                                           "content", "timeout", "local"});
template <>
inline constexpr auto kEnumNames<ResultClass> =
    std::to_array<std::string_view>({"success", "platform_failure", "blocked", "our_fault", "our_network"});
template <>
inline constexpr auto kEnumNames<ComponentState> = std::to_array<std::string_view>(
    {"operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance", "unknown"});
template <>
inline constexpr auto kEnumNames<IncidentState> = std::to_array<std::string_view>({"investigating", "identified",
                                                                                   "monitoring", "resolved"});
template <>
inline constexpr auto kEnumNames<Severity> = std::to_array<std::string_view>({"minor", "major", "critical"});
template <>
inline constexpr auto kEnumNames<Tier> = std::to_array<std::string_view>({"public", "authenticated"});
template <>
inline constexpr auto kEnumNames<StepKind> = std::to_array<std::string_view>({"dns", "tcp", "tls", "http"});
template <>
inline constexpr auto kEnumNames<Trigger> = std::to_array<std::string_view>({"scheduled", "recheck", "manual"});

}  // namespace outaged
