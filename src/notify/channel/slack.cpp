// Slack incoming webhook: POST of {text, blocks} to a secret address, answered with 200 "ok".
// Limits: https://docs.slack.dev/reference/block-kit/blocks
//
// What comes from outside (title, diagnosis, news) goes into plain_text objects, in which Slack reads no markup,
// mentions or links; what needs bold letters is escaped mrkdwn with `verbatim`, so that names do not become links.
#include <fmt/format.h>

#include "notify/channel/address.hpp"
#include "notify/channel/plan.hpp"
#include "notify/markup.hpp"
#include "notify/texts.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLongestHeader = 150;
constexpr std::size_t kLongestSection = 3000;
constexpr std::size_t kLongestField = 2000;
constexpr std::size_t kMostFields = 10;
constexpr std::size_t kLongestFallback = 3900;  // "text" should stay below 4,000

struct Slack {
  std::string type = "slack";
  SecretReference url;
};

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
    if (fields.size() == kMostFields) break;
    // One unit less than the limit for each of the two asterisks and the line's end.
    const std::string name = escape(label);
    fields.push_back(marked(fmt::format("*{}*\n{}", name, escape_within(value, kLongestField - name.size() - 3))));
  }
  return fields;
}

Json payload(const Wording& wording) {
  const std::string headline = wording.mark + " " + wording.headline;
  const std::string said = joined(wording.paragraphs, "", "\n");
  Json blocks = Json::array();
  blocks.push_back({{"type", "header"}, {"text", plain(headline, kLongestHeader)}});
  const auto section = [&blocks](Json text) { blocks.push_back({{"type", "section"}, {"text", std::move(text)}}); };
  if (!said.empty()) section(plain(said, kLongestSection));
  if (!wording.points.empty()) section(plain(joined(wording.points, "\u2022 ", "\n"), kLongestSection));
  if (!wording.facts.empty()) blocks.push_back({{"type", "section"}, {"fields", fields_of(wording)}});
  if (!wording.link.empty() && wording.link.size() < kLongestSection / 6)
    section(marked(link(wording.link, wording.link_label)));
  blocks.push_back(
      {{"type", "context"}, {"elements", Json::array({marked(escape_within(wording.footer, kLongestField))})}});
  const std::string fallback = said.empty() ? headline : headline + "\n" + said;
  return {{"text", escape_within(fallback, kLongestFallback)},
          {"blocks", std::move(blocks)},
          {"unfurl_links", false},
          {"unfurl_media", false}};
}

class SlackWebhook final : public Channel {
 public:
  SlackWebhook(Secret url, Address address) : url_(std::move(url)), address_(std::move(address)) {}

  net::HttpRequest render(const Message& message, WallTime sent_at) const override {
    net::HttpRequest request;
    request.method = "POST";
    request.url = url_.reveal();
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    request.body = payload(say(message, english(), sent_at)).dump();
    return request;
  }

  Reply read(const net::HttpExchange& exchange) const override {
    if (auto reply = read_common(exchange)) return std::move(*reply);
    const std::string words = words_of(exchange);
    // Anything else than "ok" is somebody else's page. Asking again would repeat the message if it was taken after all.
    if (exchange.status == 200 && exchange.body == "ok") return {ReplyKind::delivered, words, {}, {}};
    return {ReplyKind::refused, fmt::format("HTTP {}: {}", exchange.status, words), {}, {}};
  }

  /// "About 1 message a second per webhook".
  Micros spacing() const override { return std::chrono::seconds{1}; }

  std::vector<Secret> secrets() const override { return {url_, Secret{address_.path}}; }

 private:
  Secret url_;
  Address address_;
};

std::vector<SecretReference> secrets_of(const Slack& settings) {
  return {settings.url};
}

Expected<std::unique_ptr<Channel>, std::string> open(const Slack& settings, const Secrets& secrets) {
  const Secret& url = secrets.at(settings.url.name);
  auto address = parse_address(url.reveal());
  if (!address) return Unexpected{fmt::format("secret {} is not an address (https://…)", settings.url.name)};
  return std::unique_ptr<Channel>{std::make_unique<SlackWebhook>(url, std::move(*address))};
}

}  // namespace

ChannelType slack_type() {
  auto own = json::object<Slack>("A Slack incoming webhook.")
                 .required("type", &Slack::type, json::text("slack", "\"slack\""), "The kind of channel.")
                 .required("url", &Slack::url, secret_reference(), "The webhook's address, a secret.")
                 .build();
  return {"slack", plan<Slack>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
