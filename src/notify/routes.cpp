#include "notify/routes.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "notify/channel/common.hpp"

namespace outaged::notify {
namespace {

using namespace std::chrono_literals;

/// "22:00"; "24:00" is the end of the day.
json::Shape<Micros> clock_shape() {
  return json::converted<Micros, std::string>(
      json::text("([01][0-9]|2[0-3]):[0-5][0-9]|24:00", "a time of day such as \"22:00\""),
      [](const std::string& text, const json::Cursor&) -> std::optional<Micros> {
        const auto number = [&text](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
        return std::chrono::hours{number(0)} + std::chrono::minutes{number(3)};
      },
      [](const Micros& time) { return fmt::format("{:02}:{:02}", time / 1h, time % 1h / 1min); });
}

template <class T>
json::Object<T> hours_object(const std::string& help) {
  return json::object<T>(help)
      .field("days", static_cast<std::vector<Weekday> T::*>(&T::days), json::list(json::choice<Weekday>()),
             "Days of the week; none: every day. A night counts to the day on which it begins.")
      .required("from", static_cast<Micros T::*>(&T::from), clock_shape(), "Beginning.")
      .required("to", static_cast<Micros T::*>(&T::to), clock_shape(), "End; earlier than \"from\": the next morning.")
      .field("zone", static_cast<Zone T::*>(&T::zone), zone_shape(), "Time zone.");
}

json::Shape<Escalation> escalation_shape() {
  return json::object<Escalation>("Whom to tell when nobody acknowledges.")
      .field("after", &Escalation::after, json::duration(1min, 24h), "How long to wait for an acknowledgement.")
      .required("channels", &Escalation::channels, json::list(json::nonempty_text(), 1), "Who is told then.")
      .build();
}

json::Shape<Route> route_shape() {
  return json::object<Route>("Who is told of what, and when.")
      .required("channels", &Route::channels, json::list(json::nonempty_text(), 1), "Names from \"channels\".")
      .field("about", &Route::about, json::one_or_list(json::choice<Subject>()),
             "Incidents, or what happens to outaged itself.")
      .field("platforms", &Route::platforms, json::list(json::nonempty_text()), "Only these; none: all.")
      .field("functions", &Route::functions, json::list(json::nonempty_text()), "Only these; none: all.")
      .field("states", &Route::states, json::list(json::choice<ComponentState>()),
             "Only while a component is in one of these states; none: any.")
      .field("sites", &Route::sites, json::list(json::nonempty_text()), "Only when seen from these sites; none: all.")
      .field("severity", &Route::severity, json::choice<Severity>(), "Only from this severity on.")
      .field("during", &Route::during, hours_object<Hours>("A part of the week.").build(),
             "Only then; an incident that still lasts when these hours begin is told of then.")
      .field("quiet", &Route::quiet,
             hours_object<Quiet>("Hours in which small things wait.")
                 .field("below", &Quiet::below, json::choice<Severity>(), "What is less severe than this waits.")
                 .build(),
             "What is not severe waits until these hours are over, and is not told at all when it is over by then.")
      .field("escalate", &Route::escalate, escalation_shape(), "Whom to tell when nobody acknowledges.")
      .field("reminders", &Route::reminders, json::list(json::duration(1min, 720h)),
             "A message that it still lasts, so long after the onset, and daily after the last. [] for none.")
      .build();
}

bool allows(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::ranges::find(names, name) != names.end();
}

}  // namespace

bool Hours::contains(WallTime time) const {
  const CivilTime civil = zone.civil(time);
  const auto on = [this](std::chrono::weekday day) {
    const auto named = static_cast<Weekday>(day.c_encoding());
    return days.empty() || std::ranges::find(days, named) != days.end();
  };
  const Micros clock = civil.since_midnight;
  if (from < to) return clock >= from && clock < to && on(civil.weekday);
  return (clock >= from && on(civil.weekday)) || (clock < to && on(civil.weekday - std::chrono::days{1}));
}

const json::Shape<Routes>& routes_shape() {
  static const auto shape = json::list(route_shape());
  return shape;
}

bool check_routes(const Routes& routes, const Settings& channels, const json::Cursor& cursor) {
  std::vector<std::string> names;
  for (const auto& [name, settings] : channels) names.push_back(name);
  bool right = true;
  const auto check = [&](const std::vector<std::string>& wanted, const json::Cursor& at) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (channels.contains(wanted[i])) continue;
      at.at(i).fault(json::describe(wanted[i]), names.empty() ? "a channel; there is none" : json::list_of(names),
                     json::did_you_mean(wanted[i], names));
      right = false;
    }
  };
  for (std::size_t i = 0; i < routes.size(); ++i) {
    check(routes[i].channels, cursor.at(i).at("channels"));
    if (routes[i].escalate) check(routes[i].escalate->channels, cursor.at(i).at("escalate").at("channels"));
  }
  return right;
}

Routes default_routes(const Settings& channels) {
  Route all;
  all.about = {Subject::incidents, Subject::channel_problems};
  for (const auto& [name, settings] : channels) all.channels.push_back(name);
  return {all};
}

bool wants(const Route& route, const incident::Incident& incident,
           const std::vector<const incident::AffectedComponent*>& parts, const std::string& site, WallTime now) {
  if (std::ranges::find(route.about, Subject::incidents) == route.about.end()) return false;
  if (incident.severity < route.severity || !allows(route.sites, site)) return false;
  if (route.during && !route.during->contains(now)) return false;
  if (route.quiet && incident.severity < route.quiet->below && route.quiet->contains(now)) return false;
  return std::ranges::any_of(parts, [&](const incident::AffectedComponent* part) {
    return allows(route.platforms, part->id.platform) && allows(route.functions, part->id.function) &&
           (route.states.empty() || std::ranges::find(route.states, part->state) != route.states.end());
  });
}

std::vector<std::string> channels_for(const Routes& routes, Subject subject, const std::string& site, WallTime now) {
  std::vector<std::string> out;
  for (const auto& route : routes) {
    if (std::ranges::find(route.about, subject) == route.about.end() || !allows(route.sites, site)) continue;
    if (route.during && !route.during->contains(now)) continue;
    for (const auto& channel : route.channels) {
      if (std::ranges::find(out, channel) == out.end()) out.push_back(channel);
    }
  }
  return out;
}

}  // namespace outaged::notify
