#include "notify/texts.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/units.hpp"

namespace outaged::notify {
namespace {

constexpr std::size_t kLongestTitle = 400;
constexpr std::size_t kLongestParagraph = 4000;
constexpr std::size_t kMostPoints = 15;
constexpr std::size_t kMostLines = 30;
constexpr std::size_t kLongestVendor = 600;

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

/// "2019-07-03 13:04 UTC", and in another zone also "15:04 CEST", with the date where it differs.
std::string moment(WallTime time, const Zone& zone) {
  std::string out = fmt::format("{} {} UTC", format_date(time), format_clock(time));
  if (zone == Zone{}) return out;
  const CivilTime civil = zone.civil(time);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(civil.since_midnight).count();
  const std::string date = format_date(WallTime{std::chrono::sys_days{civil.date}});
  out += fmt::format(" ({}{:02}:{:02} {})", date == format_date(time) ? "" : date + " ", minutes / 60, minutes % 60,
                     civil.abbreviation);
  return out;
}

std::string_view mark_of(const Message& message) {
  if (message.kind == MessageKind::resolved) return "\U0001F7E2";  // green circle
  if (message.kind == MessageKind::test) return "\U0001F514";      // bell
  if (message.kind == MessageKind::digest) return "\U0001F4CB";    // clipboard
  if (message.kind == MessageKind::notice) return "\U0001F527";    // wrench
  switch (message.severity) {
    case Severity::minor: return "\U0001F7E1";     // yellow circle
    case Severity::major: return "\U0001F7E0";     // orange circle
    case Severity::critical: return "\U0001F534";  // red circle
  }
  return {};
}

std::string headline(const Message& message, const Texts& texts, WallTime sent_at) {
  const bool own = texts.title != nullptr && !message.affected.empty();
  std::string title = one_line(own ? texts.title(message) : message.title, kLongestTitle);
  switch (message.kind) {
    case MessageKind::opened:
    case MessageKind::notice: return title;
    case MessageKind::updated: return fill(texts.headline_updated, title);
    case MessageKind::resolved: return fill(texts.headline_resolved, title);
    case MessageKind::reminder:
      return fmt::format(fmt::runtime(texts.headline_reminder), title,
                         format_duration_rounded(std::max(Micros{0}, sent_at - message.onset.value_or(sent_at))));
    case MessageKind::test: return fill(texts.headline_test, one_line(message.site, kLongestTitle));
    case MessageKind::digest: return fill(texts.headline_digest, std::to_string(message.lines.size()));
  }
  return title;
}

/// A change in one sentence; a person's or vendor's own words stay as they are.
std::string change(const Change& change, const Texts& texts) {
  if (texts.change == nullptr) return change.text;
  const auto sentence = texts.change(change.kind, change.count);
  return sentence.empty() ? change.text : std::string{sentence};
}

std::vector<std::string> paragraphs(const Message& message, const Texts& texts) {
  std::vector<std::string> out;
  if (message.kind == MessageKind::test) out.emplace_back(texts.test_sentence);
  if (message.kind == MessageKind::digest) out.emplace_back(texts.digest_sentence);
  std::string news;
  for (const auto& one : message.changes) {
    const auto sentence = change(one, texts);
    if (news.find(sentence) != std::string::npos) continue;
    if (!news.empty()) news += ' ';
    news += sentence;
  }
  const bool says_itself = texts.title != nullptr && !message.affected.empty();
  for (const std::string& text : {news, says_itself ? std::string{} : message.diagnosis}) {
    if (!text.empty()) out.push_back(printable(text, kLongestParagraph));
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
  if (message.affected.size() > kMostPoints)
    out.push_back(fill(texts.more_points, std::to_string(message.affected.size() - kMostPoints)));
  const std::size_t lines = std::min(message.lines.size(), kMostLines);
  for (std::size_t i = 0; i < lines; ++i) out.push_back(one_line(message.lines[i], kLongestTitle));
  if (message.lines.size() > lines)
    out.push_back(fill(texts.more_points, std::to_string(message.lines.size() - lines)));
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

bool about_incident(const Message& message) {
  return message.kind != MessageKind::test && message.kind != MessageKind::digest &&
         message.kind != MessageKind::notice;
}

std::vector<std::pair<std::string, std::string>> facts(const Message& message, const Texts& texts, WallTime sent_at,
                                                       const Zone& zone) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&out](std::string_view label, std::string value) {
    out.emplace_back(std::string{label}, std::move(value));
  };
  if (message.onset) add(texts.since, moment(*message.onset, zone));
  if (message.ended) add(texts.until, moment(*message.ended, zone));
  if (message.onset && message.ended && *message.ended > *message.onset)
    add(texts.duration, format_duration_rounded(*message.ended - *message.onset));
  if (message.kind == MessageKind::updated && message.onset && sent_at > *message.onset)
    add(texts.so_far, format_duration_rounded(sent_at - *message.onset));
  if (message.detected) add(texts.noticed, moment(*message.detected, zone));
  if (about_incident(message)) add(texts.severity_label, std::string{texts.severity(message.severity)});
  if (message.worst_share() > 0) add(texts.worst, texts.attempts_failed(message.worst_share()));
  if (!message.working.empty() && message.kind != MessageKind::resolved)
    add(texts.still_works, grouped(message.working, texts));
  if (message.own_network) add(texts.our_network, texts.own_network(*message.own_network));
  const bool told = std::ranges::find(message.changes, message.vendor, &Change::text) != message.changes.end();
  if (!message.vendor.empty() && !told) add(texts.vendor, one_line(message.vendor, kLongestVendor));
  if (!message.acknowledged.empty()) add(texts.acknowledged, one_line(message.acknowledged, kLongestTitle));
  if (message.next_update && message.kind != MessageKind::resolved)
    add(texts.next_update, fill(texts.next_update_value, moment(*message.next_update, zone)));
  return out;
}

std::string footer(const Message& message, const Texts& texts, WallTime sent_at, const Zone& zone) {
  std::string out;
  if (about_incident(message)) {
    out += fmt::format(fmt::runtime(texts.footer_incident), message.incident.number,
                       one_line(message.reference, kLongestTitle));
    out += " \u00B7 ";
  }
  if (!message.site.empty()) out += fill(texts.footer_site, one_line(message.site, kLongestTitle)) + " \u00B7 ";
  return out + fill(texts.footer_sent, moment(sent_at, zone));
}

struct Language {
  std::string_view code;
  const Texts& (*texts)();
};
constexpr std::array kLanguages = {Language{"en", english}, Language{"it", italian}};

}  // namespace

const Texts* find_texts(std::string_view language) {
  for (const auto& row : kLanguages) {
    if (row.code == language) return &row.texts();
  }
  return nullptr;
}

std::vector<std::string> languages() {
  std::vector<std::string> codes;
  for (const auto& row : kLanguages) codes.emplace_back(row.code);
  return codes;
}

Wording say(const Message& message, const Texts& texts, WallTime sent_at, const Zone& zone) {
  Wording wording;
  wording.mark = mark_of(message);
  wording.headline = headline(message, texts, sent_at);
  wording.paragraphs = paragraphs(message, texts);
  wording.points = points(message, texts);
  wording.facts = facts(message, texts, sent_at, zone);
  wording.link = one_line(message.link, kLongestParagraph);
  wording.link_label = texts.link_label;
  wording.acknowledge_link = one_line(message.acknowledge_link, kLongestParagraph);
  wording.acknowledge_label = texts.acknowledge_label;
  wording.footer = footer(message, texts, sent_at, zone);
  return wording;
}

}  // namespace outaged::notify
