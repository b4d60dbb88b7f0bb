#pragma once
// From an announcement to the outbox: one row for each channel, to be written in the transaction of the incident's
// change. Pure.
#include <vector>

#include "notify/message.hpp"
#include "notify/settings.hpp"
#include "store/batch.hpp"

namespace outaged::notify {

/// After this long a message is of no use any more.
inline constexpr Micros kMessageLife = std::chrono::hours{24};

/// `incident` as it is after the change; `now` is when the announcement was decided.
std::vector<store::OutboxMessage> announce(const incident::Incident& incident, incident::AnnouncementKind kind,
                                           const Context& context, const Settings& channels, WallTime now);

}  // namespace outaged::notify
