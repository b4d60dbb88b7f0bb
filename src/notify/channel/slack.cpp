// Slack incoming webhook: POST of {text, blocks} to a secret address, answered with 200 "ok".
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
#include <fmt/format.h>

#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/channel/slack_blocks.hpp"

namespace outaged::notify {
namespace {

struct Slack : Common {
  SecretReference url;
};

class SlackWebhook final : public Channel {
 public:
  explicit SlackWebhook(Secret url) : url_(std::move(url)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    return {post_json(url_.reveal(), slack_payload(say(message, occasion)))};
  }

  Reply read(const net::HttpExchange& exchange) const override {
    if (auto reply = read_common(exchange)) return std::move(*reply);
    // Anything else than "ok" is somebody else's page. Asking again would repeat the message if it was taken after all.
    if (exchange.status == 200 && exchange.body == "ok") return {ReplyKind::delivered, words_of(exchange)};
    return refused(exchange);
  }

  /// "About 1 message a second per webhook".
  Limits limits() const override { return {std::chrono::seconds{1}}; }

  std::vector<Secret> secrets() const override { return secret_parts(url_); }

 private:
  Secret url_;
};

std::vector<SecretReference> secrets_of(const Slack& settings) {
  return {settings.url};
}

Expected<std::unique_ptr<Channel>, std::string> open(const Slack& settings, const Secrets& secrets) {
  const Secret& url = secrets.at(settings.url.name);
  auto address = parse_address(url.reveal());
  if (!address) return Unexpected{fmt::format("secret {} is not an address (https://…)", settings.url.name)};
  return std::unique_ptr<Channel>{std::make_unique<SlackWebhook>(url)};
}

}  // namespace

ChannelType slack_type() {
  auto own = channel_object<Slack>("slack", "A Slack incoming webhook.")
                 .required("url", &Slack::url, secret_reference(), "The webhook's address, a secret.")
                 .build();
  return {"slack", plan<Slack>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
