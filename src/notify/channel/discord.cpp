// Discord webhook: POST of {embeds, allowed_mentions}. Limits: title 256, description 4,096, 25 fields of 256 and
// 1,024, footer 2,048, 6,000 in all. https://discord.com/developers/docs/resources/webhook#execute-webhook
#include <cmath>

#include <fmt/format.h>

#include "base/json/parse.hpp"
#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/markup.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLongestTitle = 256;
constexpr std::size_t kLongestDescription = 2500;
constexpr std::size_t kEmbedFields = 12;
constexpr std::size_t kLongestValue = 180;
constexpr std::size_t kLongestFooter = 300;

struct Discord : Common {
  SecretReference url;
};

/// Text in which Discord reads no markdown, link or mention, at most `limit` long.
std::string still(std::string_view text, std::size_t limit) {
  const auto quoted = [](std::string_view part) {
    std::string out;
    for (const char c : part) {
      if (std::string_view{"\\*_~`|>[]()#-<"}.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    return out;
  };
  std::string out = quoted(inert(cut(text, limit)));
  // Escapes make it longer; what is cut away then is taken from the text, so that no escape is cut in two.
  for (std::size_t shorter = limit; utf16_length(out) > limit && shorter > 1;) {
    shorter -= std::max<std::size_t>(1, shorter / 10);
    out = quoted(inert(cut(text, shorter)));
  }
  return out;
}

int color_of(const Message& message) {
  if (message.kind == MessageKind::resolved) return 0x2E7D32;
  switch (message.severity) {
    case Severity::minor: return 0xF9A825;
    case Severity::major: return 0xEF6C00;
    case Severity::critical: return 0xC62828;
  }
  return 0;
}

Json embed_of(const Message& message, const Wording& wording) {
  std::string description;
  for (const auto& paragraph : wording.paragraphs) description += paragraph + "\n\n";
  for (const auto& point : wording.points) description += "\u2022 " + point + "\n";
  Json embed = {{"title", still(wording.mark + " " + wording.headline, kLongestTitle)},
                {"color", color_of(message)},
                {"fields", Json::array()},
                {"footer", {{"text", cut(wording.footer, kLongestFooter)}}}};
  if (!description.empty()) embed["description"] = still(description, kLongestDescription);
  if (parse_address(wording.link)) embed["url"] = wording.link;
  for (const auto& [label, value] : wording.facts) {
    if (embed["fields"].size() == kEmbedFields) break;
    embed["fields"].push_back({{"name", still(label, 60)}, {"value", still(value, kLongestValue)}, {"inline", true}});
  }
  return embed;
}

class DiscordWebhook final : public Channel {
 public:
  explicit DiscordWebhook(Secret url) : url_(std::move(url)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    const Json body = {{"embeds", Json::array({embed_of(message, say(message, occasion))})},
                       {"allowed_mentions", {{"parse", Json::array()}}}};
    return {post_json(url_.reveal(), body)};
  }

  /// 429 says in its body, in seconds with a fraction, how long to wait.
  Reply read(const net::HttpExchange& exchange) const override {
    Reply reply = read_status(exchange);
    if (exchange.status != 429) return reply;
    const auto answer = json::parse_untrusted(exchange.body, 16);
    if (!answer || !answer->is_object()) return reply;
    const auto wait = answer->find("retry_after");
    if (wait == answer->end() || !wait->is_number()) return reply;
    const auto seconds = wait->get<double>();
    if (seconds >= 0 && seconds < 1e6) reply.retry_after = Micros{std::llround(std::ceil(seconds * 1e6))};
    return reply;
  }

  /// 5 in 2 seconds for a webhook.
  Limits limits() const override { return {std::chrono::milliseconds{500}}; }
  std::vector<Secret> secrets() const override { return secret_parts(url_); }

 private:
  Secret url_;
};

std::vector<SecretReference> secrets_of(const Discord& settings) {
  return {settings.url};
}

Expected<std::unique_ptr<Channel>, std::string> open(const Discord& settings, const Secrets& secrets) {
  const Secret& url = secrets.at(settings.url.name);
  auto address = parse_address(url.reveal());
  if (!address || address->path.find("/webhooks/") == std::string::npos)
    return Unexpected{
        fmt::format("secret {} is not a Discord webhook (https://discord.com/api/webhooks/…)", settings.url.name)};
  return std::unique_ptr<Channel>{std::make_unique<DiscordWebhook>(url)};
}

}  // namespace

ChannelType discord_type() {
  auto own = channel_object<Discord>("discord", "A Discord channel, by its webhook.")
                 .required("url", &Discord::url, secret_reference(), "The webhook's address, a secret.")
                 .build();
  return {"discord", plan<Discord>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
