#pragma once
// Configuration section "routes": who is told of what, and when.
//
//   "routes": [
//     {"channels": ["team"]},
//     {"channels": ["phone"], "severity": "major", "platforms": ["whatsapp"],
//      "during": {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "19:00", "zone": "Europe/Rome"}},
//     {"channels": ["team"], "quiet": {"from": "22:00", "to": "07:00", "zone": "Europe/Rome"},
//      "escalate": {"after": "15m", "channels": ["boss"]}},
//     {"channels": ["admin"], "about": ["probe problems", "site", "channel problems", "outaged"]}
//   ]
//
// Every route that matches counts; a channel gets one message however many of them name it. Without any route all
// channels are told of incidents and of channels that do not work.
#include <optional>
#include <string>
#include <vector>

#include "base/json/shape.hpp"
#include "base/zone.hpp"
#include "core/vocabulary.hpp"
#include "incident/incident.hpp"
#include "notify/settings.hpp"

namespace outaged::notify {

enum class Subject { incidents, probe_problems, site, channel_problems, outaged };

enum class Weekday { sun, mon, tue, wed, thu, fri, sat };

/// A part of each day, in a zone's civil time. `to` before `from` means the next morning, and counts to the day on
/// which it began.
struct Hours {
  std::vector<Weekday> days;  ///< empty: every day
  Micros from{0};             ///< since midnight
  Micros to = std::chrono::hours{24};
  Zone zone;
  [[nodiscard]] bool contains(WallTime time) const;
  bool operator==(const Hours&) const = default;
};

struct Quiet : Hours {
  Severity below = Severity::major;
  bool operator==(const Quiet&) const = default;
};

struct Escalation {
  Micros after = std::chrono::minutes{15};
  std::vector<std::string> channels;
  bool operator==(const Escalation&) const = default;
};

struct Route {
  std::vector<std::string> channels;
  std::vector<Subject> about = {Subject::incidents};
  std::vector<std::string> platforms;  ///< these lists: empty means all
  std::vector<std::string> functions;
  std::vector<ComponentState> states;
  std::vector<std::string> sites;
  Severity severity = Severity::minor;  ///< at least
  std::optional<Hours> during;
  std::optional<Quiet> quiet;
  std::optional<Escalation> escalate;
  std::vector<Micros> reminders = {std::chrono::hours{1}, std::chrono::hours{4}, std::chrono::hours{12},
                                   std::chrono::hours{24}};
  bool operator==(const Route&) const = default;
};

using Routes = std::vector<Route>;

const json::Shape<Routes>& routes_shape();

/// Channels that routes name must be there; each other name is a fault at `cursor`.
bool check_routes(const Routes& routes, const Settings& channels, const json::Cursor& cursor);

/// The routes that hold when none are configured.
Routes default_routes(const Settings& channels);

/// Whether a route wants to tell of an incident with these `parts` (those that are not silenced) at `now`.
bool wants(const Route& route, const incident::Incident& incident,
           const std::vector<const incident::AffectedComponent*>& parts, const std::string& site, WallTime now);

/// The channels that are told of anything else, in order, each once.
std::vector<std::string> channels_for(const Routes& routes, Subject subject, const std::string& site, WallTime now);

}  // namespace outaged::notify

namespace outaged {
template <>
inline constexpr auto kEnumNames<notify::Subject> =
    std::to_array<std::string_view>({"incidents", "probe problems", "site", "channel problems", "outaged"});
template <>
inline constexpr auto kEnumNames<notify::Weekday> = std::to_array<std::string_view>({"sun", "mon", "tue", "wed", "thu",
                                                                                     "fri", "sat"});
}  // namespace outaged
