#pragma once
// Announcer: decides who is told what about an incident, and when. It is asked after every change of an incident and,
// while any is open, once a minute; each time it compares what every channel knows with what it should know:
//   - nothing yet, and a route wants it (also later: quiet hours end, a silence ends, it grew worse, nobody has
//     acknowledged for too long): the opening;
//   - something that matters has changed since: an update, all changes of a moment in one;
//   - it has lasted for another while: a reminder;
//   - it is over: the closing, to everyone who was told of the opening, silence or not.
// What a channel knows is in the outbox (OutboxMessage::told), so a restart goes on there, and the reference keeps
// anything from being written twice. Pure; one thread.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "incident/incident.hpp"
#include "notify/calendar.hpp"
#include "notify/message.hpp"
#include "notify/routes.hpp"
#include "store/batch.hpp"

namespace outaged::notify {

/// After this long a message is of no use any more.
inline constexpr Micros kMessageLife = std::chrono::hours{24};

class Announcer {
 public:
  /// `routes` empty: default_routes().
  Announcer(Routes routes, const Settings& channels, std::string site);

  /// Continues after a restart, with what open incidents have in the outbox (Reader::told_outbox).
  void restore(const std::vector<store::OutboxEntry>& told);

  Calendar& calendar() { return calendar_; }

  /// `incident` as it is; `news` when the incident logic wants somebody to be told now.
  std::vector<store::OutboxMessage> review(const incident::Incident& incident,
                                           std::optional<incident::AnnouncementKind> news, const Context& context,
                                           WallTime now);

  /// Something that happened to outaged itself, for the channels of its subject but not for `except`.
  [[nodiscard]] std::vector<store::OutboxMessage> tell(Subject subject, const Message& notice, WallTime now,
                                                       const std::string& except = {}) const;

 private:
  /// What one channel knows of one incident.
  struct Knowledge {
    std::size_t told = 0;  ///< entries of the timeline
    WallTime last;         ///< when it was told last
    Micros reminded{0};    ///< the longest reminder so far
    int updates = 0;       ///< that it was told of; each makes the next wait longer
  };
  /// What the routes want of one channel.
  struct Wish {
    bool wanted = false;
    bool escalated = false;
    std::set<Micros> reminders;
  };

  [[nodiscard]] std::map<std::string, Wish> wishes(const incident::Incident& incident, WallTime now) const;
  [[nodiscard]] std::optional<store::OutboxMessage> update(const incident::Incident& incident, Knowledge& knows,
                                                           const Wish& wish,
                                                           std::optional<incident::AnnouncementKind> news,
                                                           const Context& context, WallTime now) const;

  Routes routes_;
  std::string site_;
  Calendar calendar_;
  std::map<IncidentId, std::map<std::string, Knowledge>> knowledge_;
};

}  // namespace outaged::notify
