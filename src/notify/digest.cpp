#include "notify/digest.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/units.hpp"

namespace outaged::notify {
namespace {

std::string line_of(const Message& message) {
  const auto when = message.kind == MessageKind::resolved ? message.ended : message.detected;
  const std::string at = when ? fmt::format("{} {} UTC: ", format_date(*when), format_clock(*when)) : std::string{};
  switch (message.kind) {
    case MessageKind::resolved:
      return fmt::format("{}Over: {} (incident {})", at, message.title, message.incident.number);
    case MessageKind::opened:
    case MessageKind::updated:
    case MessageKind::reminder: return fmt::format("{}{} (incident {})", at, message.title, message.incident.number);
    case MessageKind::test:
    case MessageKind::notice:
    case MessageKind::digest: return at + message.title;
  }
  return at + message.title;
}

}  // namespace

Message digest_of(const std::vector<Message>& messages, const std::string& site) {
  Message digest;
  digest.kind = MessageKind::digest;
  digest.reference = fmt::format("digest-{}-{}", messages.front().reference, messages.back().reference);
  digest.site = site;
  for (const auto& message : messages) {
    digest.lines.push_back(line_of(message));
    digest.severity = std::max(digest.severity, message.severity);
    if (!message.link.empty()) digest.link = message.link.substr(0, message.link.find("/incidents/"));
  }
  return digest;
}

}  // namespace outaged::notify
