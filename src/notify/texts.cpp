#include "notify/texts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/units.hpp"

namespace outaged::notify {
namespace {

constexpr std::size_t kLongestTitle = 400;
constexpr std::size_t kLongestParagraph = 4000;
constexpr std::size_t kMostPoints = 15;

/// Texts of probes and vendors may hold anything; a headline or a label must not become several lines.
std::string one_line(std::string_view text, std::size_t longest) {
  std::string out = printable(text, longest);
  std::ranges::replace_if(
      out, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return out;
}

std::string fill(std::string_view phrase, std::string_view value) {
  return fmt::format(fmt::runtime(phrase), value);
}

std::string moment(WallTime time) {
  return fmt::format("{} {} UTC", format_date(time), format_clock(time));
}

std::string_view mark_of(const Message& message) {
  if (message.kind == MessageKind::resolved) return "\U0001F7E2";  // green circle
  if (message.kind == MessageKind::test) return "\U0001F514";      // bell
  switch (message.severity) {
    case Severity::minor: return "\U0001F7E1";     // yellow circle
    case Severity::major: return "\U0001F7E0";     // orange circle
    case Severity::critical: return "\U0001F534";  // red circle
  }
  return {};
}

std::string headline(const Message& message, const Texts& texts) {
  std::string title = one_line(message.title, kLongestTitle);
  switch (message.kind) {
    case MessageKind::opened: return title;
    case MessageKind::updated: return fill(texts.headline_updated, title);
    case MessageKind::resolved: return fill(texts.headline_resolved, title);
    case MessageKind::test: return fill(texts.headline_test, one_line(message.site, kLongestTitle));
  }
  return title;
}

std::vector<std::string> paragraphs(const Message& message, const Texts& texts) {
  std::vector<std::string> out;
  if (message.kind == MessageKind::test) out.emplace_back(texts.test_sentence);
  for (const std::string* text : {&message.news, &message.diagnosis}) {
    if (!text->empty()) out.push_back(printable(*text, kLongestParagraph));
  }
  return out;
}

/// What happens to one component: its state, its share, its layer, as far as they are known and say anything.
std::string condition(const AffectedPart& part, MessageKind kind, const Texts& texts) {
  if (kind == MessageKind::resolved && part.worst_share > 0)
    return fill(texts.at_worst, texts.attempts_failed(part.worst_share));
  if (kind == MessageKind::resolved || part.state == ComponentState::operational)
    return std::string{texts.state(ComponentState::operational)};
  std::string out;
  const auto append = [&out](std::string_view text) {
    if (text.empty()) return;
    if (!out.empty()) out += "; ";
    out += text;
  };
  if (part.share > 0) {
    append(texts.attempts_fail(part.share));
  } else {
    append(texts.state(part.state));
  }
  if (part.layer) append(texts.layer(*part.layer));
  return out;
}

std::vector<std::string> points(const Message& message, const Texts& texts) {
  std::vector<std::string> out;
  for (const auto& part : message.affected) {
    if (out.size() == kMostPoints) break;
    out.push_back(fmt::format(fmt::runtime(texts.point), texts.platform(part.component.platform),
                              texts.function(part.component.function), condition(part, message.kind, texts)));
  }
  if (message.affected.size() > out.size())
    out.push_back(fill(texts.more_points, std::to_string(message.affected.size() - out.size())));
  return out;
}

/// "WhatsApp: sending messages, logging in; Facebook: …"
std::string grouped(const std::vector<ComponentId>& components, const Texts& texts) {
  std::string out;
  std::string_view platform;
  for (const auto& component : components) {
    if (component.platform == platform) {
      out += ", ";
    } else {
      platform = component.platform;
      if (!out.empty()) out += "; ";
      out += fmt::format("{}: ", texts.platform(platform));
    }
    out += texts.function(component.function);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> facts(const Message& message, const Texts& texts) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&out](std::string_view label, std::string value) {
    out.emplace_back(std::string{label}, std::move(value));
  };
  if (message.onset) add(texts.since, moment(*message.onset));
  if (message.ended) add(texts.until, moment(*message.ended));
  if (message.onset && message.ended && *message.ended > *message.onset)
    add(texts.duration, format_duration_rounded(*message.ended - *message.onset));
  if (message.detected) add(texts.noticed, moment(*message.detected));
  if (message.kind != MessageKind::test) add(texts.severity_label, std::string{texts.severity(message.severity)});
  if (message.worst_share() > 0) add(texts.worst, texts.attempts_failed(message.worst_share()));
  if (!message.working.empty() && message.kind != MessageKind::resolved)
    add(texts.still_works, grouped(message.working, texts));
  if (message.own_network) add(texts.our_network, texts.own_network(*message.own_network));
  return out;
}

std::string footer(const Message& message, const Texts& texts, WallTime sent_at) {
  std::string out;
  if (message.kind != MessageKind::test) {
    out += fmt::format(fmt::runtime(texts.footer_incident), message.incident.number,
                       one_line(message.reference, kLongestTitle));
    out += " \u00B7 ";
  }
  if (!message.site.empty()) out += fill(texts.footer_site, one_line(message.site, kLongestTitle)) + " \u00B7 ";
  return out + fill(texts.footer_sent, moment(sent_at));
}

}  // namespace

Wording say(const Message& message, const Texts& texts, WallTime sent_at) {
  Wording wording;
  wording.mark = mark_of(message);
  wording.headline = headline(message, texts);
  wording.paragraphs = paragraphs(message, texts);
  wording.points = points(message, texts);
  wording.facts = facts(message, texts);
  wording.link = one_line(message.link, kLongestParagraph);
  wording.link_label = texts.link_label;
  wording.footer = footer(message, texts, sent_at);
  return wording;
}

}  // namespace outaged::notify
