// A web address of the user's: POST of the event (event.hpp), signed as Standard Webhooks has it.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/event.hpp"

namespace outaged::notify {
namespace {

struct Webhook : Common {
  SecretReference url;
  std::optional<SecretReference> secret;
  std::optional<SecretReference> former_secret;
};

std::vector<SecretReference> secrets_of(const Webhook& settings) {
  std::vector<SecretReference> out = {settings.url};
  if (settings.secret) out.push_back(*settings.secret);
  if (settings.former_secret) out.push_back(*settings.former_secret);
  return out;
}

class WebhookChannel final : public Channel {
 public:
  WebhookChannel(Secret url, std::vector<Secret> keys) : url_(std::move(url)), keys_(std::move(keys)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    auto request = post_json(url_.reveal(), event_of(message, occasion));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(occasion.sent_at).time_since_epoch().count();
    request.headers.emplace_back("webhook-id", message.reference);
    request.headers.emplace_back("webhook-timestamp", std::to_string(seconds));
    const std::string content = fmt::format("{}.{}.{}", message.reference, seconds, request.body);
    std::string signatures;
    for (const auto& key : keys_) {
      if (!signatures.empty()) signatures += ' ';
      signatures += "v1," + base64_encode(hmac_sha256(key.reveal(), content));
    }
    if (!signatures.empty()) request.headers.emplace_back("webhook-signature", signatures);
    return {std::move(request)};
  }

  Reply read(const net::HttpExchange& exchange) const override { return read_status(exchange); }

  Limits limits() const override { return {std::chrono::milliseconds{100}}; }
  bool takes_digests() const override { return false; }

  std::vector<Secret> secrets() const override {
    std::vector<Secret> out = secret_parts(url_);
    out.insert(out.end(), keys_.begin(), keys_.end());
    return out;
  }

 private:
  Secret url_;
  std::vector<Secret> keys_;
};

Expected<std::unique_ptr<Channel>, std::string> open(const Webhook& settings, const Secrets& secrets) {
  const Secret& url = secrets.at(settings.url.name);
  if (!parse_address(url.reveal()))
    return Unexpected{fmt::format("secret {} is not an address (https://…)", settings.url.name)};
  std::vector<Secret> keys;
  for (const auto& reference : {settings.secret, settings.former_secret}) {
    if (!reference) continue;
    std::string_view text = secrets.at(reference->name).reveal();
    if (text.starts_with("whsec_")) text.remove_prefix(6);
    auto key = base64_decode(text);
    if (!key || key->size() < 24)
      return Unexpected{
          fmt::format("secret {} is not a signing secret (whsec_ and base64 of at least 24 bytes)", reference->name)};
    keys.emplace_back(std::move(*key));
  }
  return std::unique_ptr<Channel>{std::make_unique<WebhookChannel>(url, std::move(keys))};
}

}  // namespace

ChannelType webhook_type() {
  auto own = channel_object<Webhook>("webhook", "An address of your own, sent JSON (schema/event.schema.json).")
                 .required("url", &Webhook::url, secret_reference(), "Where it is sent, a secret.")
                 .field("secret", &Webhook::secret, secret_reference(),
                        "Signs what is sent (Standard Webhooks, whsec_…), a secret.")
                 .field("former_secret", &Webhook::former_secret, secret_reference(),
                        "Signs it a second time while receivers change over to the new secret.")
                 .build();
  return {"webhook", plan<Webhook>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
