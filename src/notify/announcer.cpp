#include "notify/announcer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/units.hpp"
#include "incident/timeline.hpp"

namespace outaged::notify {
namespace {

using namespace std::chrono_literals;

/// Changes wait so long for others, so that one update tells of all.
constexpr Micros kHold = 30s;
/// Updates that nobody asked to be told at once keep this distance, and twice as much after each, up to the longest:
/// what fails and recovers all day long is worth fewer and fewer words.
constexpr Micros kUpdatePause = 10min;
constexpr Micros kLongestPause = 3h;
constexpr Micros kDaily = 24h;

/// The first of `reminders` (then one a day) after `lasted`.
std::optional<Micros> next_reminder(const std::set<Micros>& reminders, Micros lasted) {
  if (reminders.empty()) return std::nullopt;
  if (const auto next = reminders.upper_bound(lasted); next != reminders.end()) return *next;
  const Micros last = *reminders.rbegin();
  return last + (lasted - last) / kDaily * kDaily + kDaily;
}

/// The last of them up to `lasted`.
std::optional<Micros> last_reminder(const std::set<Micros>& reminders, Micros lasted) {
  auto after = reminders.upper_bound(lasted);
  if (after == reminders.begin()) return std::nullopt;
  const Micros last = *--after;
  return last == *reminders.rbegin() ? last + (lasted - last) / kDaily * kDaily : last;
}

/// When the first thing happened that the channel does not know and that matters.
std::optional<WallTime> news_since(const incident::Incident& incident, std::size_t told) {
  for (std::size_t i = told; i < incident.timeline.size(); ++i) {
    if (has_news(incident, i) && !has_news(incident, i + 1)) return incident.timeline[i].at;
  }
  return std::nullopt;
}

Micros pause_after(int updates) {
  return std::min(kLongestPause, kUpdatePause * (1 << std::min(updates, 10)));
}

store::OutboxMessage row_of(const Message& message, const std::string& channel, std::size_t told, WallTime now) {
  return {.reference = message.reference,
          .incident = message.incident,
          .channel = channel,
          .kind = std::string{to_string(message.kind)},
          .payload = to_payload(message),
          .created = now,
          .not_before = now,
          .expires = now + kMessageLife,
          .told = told};
}

}  // namespace

Announcer::Announcer(Routes routes, const Settings& channels, std::string site)
    : routes_(routes.empty() ? default_routes(channels) : std::move(routes)), site_(std::move(site)) {}

void Announcer::restore(const std::vector<store::OutboxEntry>& told) {
  for (const auto& row : told) {
    auto& knows = knowledge_[row.incident][row.channel];
    knows.told = std::max(knows.told, row.told);
    knows.last = std::max(knows.last, row.created);
    if (row.kind == to_string(MessageKind::updated)) ++knows.updates;
    if (row.kind != to_string(MessageKind::reminder)) continue;
    // "12-reminder-4h"
    const auto length = parse_duration(row.reference.substr(row.reference.rfind('-') + 1));
    if (length) knows.reminded = std::max(knows.reminded, *length);
  }
}

std::map<std::string, Announcer::Wish> Announcer::wishes(const incident::Incident& incident, WallTime now) const {
  std::map<std::string, Wish> out;
  std::vector<const incident::AffectedComponent*> parts;
  for (const auto& part : incident.components) {
    if (!calendar_.is_silenced(part.id, now) && !calendar_.is_maintained(part.id, now)) parts.push_back(&part);
  }
  for (const auto& route : routes_) {
    if (!wants(route, incident, parts, site_, now)) continue;
    for (const auto& channel : route.channels) {
      out[channel].wanted = true;
      out[channel].reminders.insert(route.reminders.begin(), route.reminders.end());
    }
    if (!route.escalate || now - incident.opened_at < route.escalate->after || is_acknowledged(incident)) continue;
    for (const auto& channel : route.escalate->channels) {
      out[channel].escalated = !out[channel].wanted;
      out[channel].wanted = true;
    }
  }
  return out;
}

std::vector<store::OutboxMessage> Announcer::review(const incident::Incident& incident,
                                                    std::optional<incident::AnnouncementKind> news,
                                                    const Context& context, WallTime now) {
  std::vector<store::OutboxMessage> rows;
  auto& knowledge = knowledge_[incident.id];
  if (incident.state == IncidentState::resolved) {
    for (const auto& [channel, knows] : knowledge) {
      const auto message = compose(incident, MessageKind::resolved, context, knows.told);
      rows.push_back(row_of(message, channel, incident.timeline.size(), now));
    }
    knowledge_.erase(incident.id);
    return rows;
  }
  if (!news && !incident::is_announced(incident)) return rows;
  for (const auto& [channel, wish] : wishes(incident, now)) {
    if (!wish.wanted) continue;
    const auto known = knowledge.find(channel);
    if (known == knowledge.end()) {
      auto message = compose(incident, MessageKind::opened, context, 0);
      if (wish.escalated) {
        message.changes.push_back(
            {incident::UpdateKind::note,
             fmt::format("Nobody has acknowledged this for {}.", format_duration_rounded(now - incident.opened_at))});
      }
      if (const auto next = next_reminder(wish.reminders, now - incident.onset))
        message.next_update = incident.onset + *next;
      rows.push_back(row_of(message, channel, incident.timeline.size(), now));
      Knowledge fresh{.told = incident.timeline.size(), .last = now};
      // Whoever is told late needs no reminder of the time before.
      fresh.reminded = last_reminder(wish.reminders, now - incident.onset).value_or(Micros{0});
      knowledge.emplace(channel, fresh);
    } else if (auto row = update(incident, known->second, wish, news, context, now)) {
      row->channel = channel;
      rows.push_back(std::move(*row));
    }
  }
  return rows;
}

std::optional<store::OutboxMessage> Announcer::update(const incident::Incident& incident, Knowledge& knows,
                                                      const Wish& wish, std::optional<incident::AnnouncementKind> news,
                                                      const Context& context, WallTime now) const {
  const Micros lasted = now - incident.onset;
  const auto reminder = last_reminder(wish.reminders, lasted);
  const auto since = news_since(incident, knows.told);
  const bool wanted_now = news && has_news(incident, knows.told);
  // After the clock was set back, the latest message lies in the future.
  const bool rested = now < knows.last || now - knows.last >= pause_after(knows.updates);
  const bool ripe = since && now - *since >= kHold && rested;
  std::optional<MessageKind> kind;
  if (wanted_now || ripe) kind = news ? kind_of(*news) : MessageKind::updated;
  const bool due = reminder && *reminder > knows.reminded;
  if (!kind && due && incident.state != IncidentState::monitoring) kind = MessageKind::reminder;
  if (due) knows.reminded = *reminder;
  if (!kind) return std::nullopt;
  if (*kind == MessageKind::opened) kind = MessageKind::updated;
  auto message = compose(incident, *kind, context, knows.told);
  if (*kind == MessageKind::reminder)
    message.reference = fmt::format("{}-reminder-{}", incident.id.number, format_duration(*reminder));
  if (const auto next = next_reminder(wish.reminders, lasted)) message.next_update = incident.onset + *next;
  if (*kind == MessageKind::updated) ++knows.updates;
  knows.told = incident.timeline.size();
  knows.last = now;
  return row_of(message, {}, knows.told, now);
}

std::vector<store::OutboxMessage> Announcer::tell(Subject subject, const Message& notice, WallTime now,
                                                  const std::string& except) const {
  std::vector<store::OutboxMessage> rows;
  for (const auto& channel : channels_for(routes_, subject, site_, now)) {
    if (channel != except) rows.push_back(row_of(notice, channel, 0, now));
  }
  return rows;
}

}  // namespace outaged::notify
