#include "notify/announce.hpp"

namespace outaged::notify {

std::vector<store::OutboxMessage> announce(const incident::Incident& incident, incident::AnnouncementKind kind,
                                           const Context& context, const Settings& channels, WallTime now) {
  const Message message = compose(incident, kind, context);
  std::vector<store::OutboxMessage> rows;
  for (const auto& [name, settings] : channels) {
    store::OutboxMessage row;
    row.reference = message.reference;
    row.incident = incident.id;
    row.channel = name;
    row.kind = to_string(kind);
    row.payload = to_payload(message);
    row.created = now;
    row.not_before = now;
    row.expires = now + kMessageLife;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace outaged::notify
