// PagerDuty Events API v2: trigger and resolve, held together by dedup_key; answered with 202.
// https://developer.pagerduty.com/docs/events-api-v2-overview
#include <fmt/format.h>

#include "base/units.hpp"
#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/markup.hpp"
#include "notify/plain.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLongestSummary = 1024;
constexpr std::size_t kLongestKey = 255;

struct PagerDuty : Common {
  SecretReference routing_key;
  std::string base_url = "https://events.pagerduty.com";
};

std::vector<SecretReference> secrets_of(const PagerDuty& settings) {
  return {settings.routing_key};
}

std::string_view severity_of(const Message& message) {
  if (message.kind == MessageKind::test) return "info";
  switch (message.severity) {
    case Severity::minor: return "warning";
    case Severity::major: return "error";
    case Severity::critical: return "critical";
  }
  return "error";
}

class PagerDutyService final : public Channel {
 public:
  PagerDutyService(PagerDuty settings, Secret key) : settings_(std::move(settings)), key_(std::move(key)) {}

  /// A test triggers and resolves, so that nobody has to clear it away.
  Steps render(const Message& message, const Occasion& occasion) const override {
    const bool test = message.kind == MessageKind::test;
    const bool over = message.kind == MessageKind::resolved;
    Steps steps;
    if (!over) steps.emplace_back(enqueue(trigger(message, occasion)));
    if (over || test) steps.emplace_back(enqueue(event("resolve", message)));
    return steps;
  }

  Reply read(const net::HttpExchange& exchange) const override { return read_status(exchange); }

  Limits limits() const override { return {std::chrono::milliseconds{500}}; }
  bool takes_digests() const override { return false; }
  std::vector<Secret> secrets() const override { return {key_}; }

 private:
  /// One PagerDuty incident for one of ours, however many messages it takes.
  [[nodiscard]] Json event(const char* action, const Message& message) const {
    const std::string subject =
        message.incident.number > 0 ? fmt::format("incident-{}", message.incident.number) : message.reference;
    return {{"routing_key", key_.reveal()},
            {"event_action", action},
            {"dedup_key", cut(fmt::format("outaged/{}/{}", message.site, subject), kLongestKey)}};
  }

  [[nodiscard]] Json trigger(const Message& message, const Occasion& occasion) const {
    const Wording wording = say(message, occasion);
    const WallTime when = message.onset.value_or(message.detected.value_or(occasion.sent_at));
    Json body = event("trigger", message);
    body["payload"] = {{"summary", cut(wording.headline, kLongestSummary)},
                       {"source", message.site.empty() ? "outaged" : message.site},
                       {"severity", severity_of(message)},
                       {"timestamp", format_time(when)},
                       {"custom_details", {{"text", plain_text(wording)}, {"reference", message.reference}}}};
    if (!message.affected.empty()) body["payload"]["component"] = to_string(message.affected.front().component);
    if (parse_address(message.link))
      body["links"] = Json::array({{{"href", message.link}, {"text", wording.link_label}}});
    return body;
  }

  [[nodiscard]] net::HttpRequest enqueue(const Json& body) const {
    return post_json(settings_.base_url + "/v2/enqueue", body);
  }

  PagerDuty settings_;
  Secret key_;
};

Expected<std::unique_ptr<Channel>, std::string> open(const PagerDuty& settings, const Secrets& secrets) {
  static const std::regex form{"[A-Za-z0-9]{32}"};
  const Secret& key = secrets.at(settings.routing_key.name);
  if (!std::regex_match(key.reveal(), form))
    return Unexpected{
        fmt::format("secret {} is not an integration key (32 letters and digits)", settings.routing_key.name)};
  return std::unique_ptr<Channel>{std::make_unique<PagerDutyService>(settings, key)};
}

}  // namespace

ChannelType pagerduty_type() {
  auto own = channel_object<PagerDuty>("pagerduty", "A PagerDuty service (Events API v2).")
                 .required("routing_key", &PagerDuty::routing_key, secret_reference(), "Its integration key, a secret.")
                 .field("base_url", &PagerDuty::base_url, address_shape("https://events.eu.pagerduty.com"),
                        "PagerDuty's address in another region.")
                 .build();
  return {"pagerduty", plan<PagerDuty>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
