#include "notify/event.hpp"

#include "base/units.hpp"
#include "notify/plain.hpp"

namespace outaged::notify {
namespace {

std::string type_of(MessageKind kind) {
  switch (kind) {
    case MessageKind::test:
    case MessageKind::notice:
    case MessageKind::digest: return std::string{to_string(kind)};
    case MessageKind::opened:
    case MessageKind::updated:
    case MessageKind::resolved:
    case MessageKind::reminder: return "incident." + std::string{to_string(kind)};
  }
  return {};
}

}  // namespace

json::Json event_of(const Message& message, const Occasion& occasion) {
  const Wording wording = say(message, occasion);
  return {{"type", type_of(message.kind)},
          {"timestamp", format_time(occasion.sent_at)},
          {"data", message_shape().write(message)},
          {"text", wording.headline + "\n\n" + plain_text(wording)}};
}

json::Json event_schema() {
  json::Json types = json::Json::array();
  for (const auto name : enum_names<MessageKind>()) types.push_back(type_of(*parse_enum<MessageKind>(name)));
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "outaged event"},
          {"description", "What webhooks are sent and exec programs read on standard input."},
          {"type", "object"},
          {"required", {"type", "timestamp", "data", "text"}},
          {"properties",
           {{"type", {{"description", "What it is about."}, {"enum", types}}},
            {"timestamp", {{"description", "When it was sent."}, {"type", "string"}, {"format", "date-time"}}},
            {"data", message_shape().schema},
            {"text", {{"description", "The same for a person."}, {"type", "string"}}}}}};
}

}  // namespace outaged::notify
