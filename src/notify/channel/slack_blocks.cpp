// Slack's Block Kit. Limits: https://docs.slack.dev/reference/block-kit/blocks
//
// What comes from outside (title, diagnosis, news) goes into plain_text objects, in which Slack reads no markup,
// mentions or links; what needs bold letters is escaped mrkdwn with `verbatim`, so that names do not become links.
#include "notify/channel/slack_blocks.hpp"

#include <fmt/format.h>

#include "notify/markup.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLongestHeader = 150;
constexpr std::size_t kLongestSection = 3000;
constexpr std::size_t kLongestField = 2000;
constexpr std::size_t kSectionFields = 10;
constexpr std::size_t kLongestFallback = 3900;  // "text" should stay below 4,000

Json plain(std::string_view text, std::size_t limit) {
  return {{"type", "plain_text"}, {"text", escape_within(text, limit)}, {"emoji", false}};
}

/// `text` is mrkdwn already.
Json marked(std::string text) {
  return {{"type", "mrkdwn"}, {"text", std::move(text)}, {"verbatim", true}};
}

std::string joined(const std::vector<std::string>& lines, std::string_view before, std::string_view between) {
  std::string out;
  for (const auto& line : lines) {
    if (!out.empty()) out += between;
    out += before;
    out += line;
  }
  return out;
}

/// "<address|label>": within an address, the characters that would end it are percent-encoded.
std::string link(std::string_view address, std::string_view label) {
  std::string safe;
  for (const char c : address) {
    if (c == '<' || c == '>' || c == '|' || c == ' ') {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      safe += c;
    }
  }
  return fmt::format("<{}|{}>", escape(safe), escape(label));
}

Json fields_of(const Wording& wording) {
  Json fields = Json::array();
  for (const auto& [label, value] : wording.facts) {
    if (fields.size() == kSectionFields) break;
    // One unit less than the limit for each of the two asterisks and the line's end.
    const std::string name = escape(label);
    fields.push_back(marked(fmt::format("*{}*\n{}", name, escape_within(value, kLongestField - name.size() - 3))));
  }
  return fields;
}

}  // namespace

json::Json slack_payload(const Wording& wording) {
  const std::string headline = wording.mark + " " + wording.headline;
  const std::string said = joined(wording.paragraphs, "", "\n");
  Json blocks = Json::array();
  blocks.push_back({{"type", "header"}, {"text", plain(headline, kLongestHeader)}});
  const auto section = [&blocks](Json text) { blocks.push_back({{"type", "section"}, {"text", std::move(text)}}); };
  if (!said.empty()) section(plain(said, kLongestSection));
  if (!wording.points.empty()) section(plain(joined(wording.points, "\u2022 ", "\n"), kLongestSection));
  if (!wording.facts.empty()) blocks.push_back({{"type", "section"}, {"fields", fields_of(wording)}});
  std::vector<std::string> links;
  for (const auto& [address, label] :
       {std::pair{wording.link, wording.link_label}, std::pair{wording.acknowledge_link, wording.acknowledge_label}}) {
    if (!address.empty() && address.size() < kLongestSection / 6) links.push_back(link(address, label));
  }
  if (!links.empty()) section(marked(joined(links, "", " \u00B7 ")));
  blocks.push_back(
      {{"type", "context"}, {"elements", Json::array({marked(escape_within(wording.footer, kLongestField))})}});
  const std::string fallback = said.empty() ? headline : headline + "\n" + said;
  return {{"text", escape_within(fallback, kLongestFallback)},
          {"blocks", std::move(blocks)},
          {"unfurl_links", false},
          {"unfurl_media", false}};
}

}  // namespace outaged::notify
