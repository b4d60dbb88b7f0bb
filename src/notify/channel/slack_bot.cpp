// Slack Web API with a bot's token: chat.postMessage for the first message about an incident, which chat.update then
// keeps up to date; what is new goes into its thread. Answers are 200 with {"ok": false, "error": …} for most refusals.
// https://docs.slack.dev/reference/methods/chat.postMessage
#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/json/parse.hpp"
#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/channel/slack_blocks.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLongestHandle = 400;

struct SlackBot : Common {
  SecretReference token;
  std::string channel;
  std::string base_url = "https://slack.com";
};

/// Errors of Slack's own, not of ours.
bool passes(const std::string& error) {
  static const std::set<std::string> passing = {"ratelimited",      "rate_limited",        "internal_error",
                                                "fatal_error",      "service_unavailable", "request_timeout",
                                                "team_added_to_org"};
  return passing.contains(error);
}

class SlackBotChannel final : public Channel {
 public:
  SlackBotChannel(SlackBot settings, Secret token) : settings_(std::move(settings)), token_(std::move(token)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    const Json payload = slack_payload(say(message, occasion));
    Steps steps;
    const auto space = occasion.handle.find(' ');
    Json post = payload;
    post["channel"] = settings_.channel;
    if (space != std::string::npos) {
      // "C0123 1700000000.000100": where Slack put the first message, and what it calls it.
      const std::string ts = occasion.handle.substr(space + 1);
      Json update = payload;
      update.erase("unfurl_links");
      update.erase("unfurl_media");
      update["channel"] = occasion.handle.substr(0, space);
      update["ts"] = ts;
      steps.emplace_back(call("chat.update", update));
      post["thread_ts"] = ts;
      // The end is news for the whole channel.
      if (message.kind == MessageKind::resolved) post["reply_broadcast"] = true;
    }
    steps.emplace_back(call("chat.postMessage", post));
    return steps;
  }

  Reply read(const net::HttpExchange& exchange) const override {
    if (auto reply = read_common(exchange)) return std::move(*reply);
    const auto answer = json::parse_untrusted(exchange.body, 64);
    const auto text = [&answer](const char* name) {
      const auto found = answer && answer->is_object() ? answer->find(name) : Json::const_iterator{};
      const bool there = answer && answer->is_object() && found != answer->end() && found->is_string();
      return there ? printable(found->get<std::string>(), std::string::npos) : std::string{};
    };
    const bool ok = answer && answer->is_object() && answer->value("ok", Json{}) == Json(true);
    if (ok) {
      Reply reply{ReplyKind::delivered, fmt::format("ok, message {}", text("ts"))};
      const bool named = !text("ts").empty() && !text("channel").empty();
      if (named) reply.handle = printable(text("channel") + " " + text("ts"), kLongestHandle);
      return reply;
    }
    const std::string error = text("error");
    if (passes(error)) return {ReplyKind::passing, error};
    return error.empty() ? refused(exchange) : Reply{ReplyKind::refused, error};
  }

  /// chat.postMessage: "1 message per second per channel".
  Limits limits() const override { return {std::chrono::seconds{1}}; }

  std::vector<Secret> secrets() const override { return {token_}; }

 private:
  [[nodiscard]] net::HttpRequest call(std::string_view method, const Json& body) const {
    auto request = post_json(fmt::format("{}/api/{}", settings_.base_url, method), body);
    request.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
    return request;
  }

  SlackBot settings_;
  Secret token_;
};

std::vector<SecretReference> secrets_of(const SlackBot& settings) {
  return {settings.token};
}

Expected<std::unique_ptr<Channel>, std::string> open(const SlackBot& settings, const Secrets& secrets) {
  static const std::regex form{"xox[a-z]-[A-Za-z0-9-]+"};
  const Secret& token = secrets.at(settings.token.name);
  if (!std::regex_match(token.reveal(), form))
    return Unexpected{fmt::format("secret {} is not a Slack token (xoxb-…)", settings.token.name)};
  return std::unique_ptr<Channel>{std::make_unique<SlackBotChannel>(settings, token)};
}

}  // namespace

ChannelType slack_bot_type() {
  auto own =
      channel_object<SlackBot>("slack-bot",
                               "A Slack channel, written to by a bot: one message lives through an incident, "
                               "news goes into its thread.")
          .required("token", &SlackBot::token, secret_reference(), "The bot's token (scope chat:write), a secret.")
          .required("channel", &SlackBot::channel,
                    json::text("[CGDU][A-Z0-9]{2,}|#?[a-z0-9_-]{1,80}", "a channel's id or name"),
                    "Where it writes; an id such as C0123456789 is best.")
          .field("base_url", &SlackBot::base_url, address_shape("https://slack.com"),
                 "Another Slack, such as GovSlack.")
          .build();
  return {"slack-bot", plan<SlackBot>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
