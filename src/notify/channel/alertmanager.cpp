// Prometheus Alertmanager, POST /api/v2/alerts: one alert for each component of an incident.
// https://prometheus.io/docs/alerting/latest/clients/
//
// The label set is what Alertmanager knows an alert by, so whatever changes (severity, share) is an annotation. It
// forgets alerts that are not repeated within its resolve_timeout, and everything when it restarts.
#include <fmt/format.h>

#include "base/units.hpp"
#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/plain.hpp"

namespace outaged::notify {
namespace {

using json::Json;
using namespace std::chrono_literals;

struct Alertmanager : Common {
  std::string url;
  std::optional<SecretReference> token;
  std::map<std::string, std::string> labels;
};

std::vector<SecretReference> secrets_of(const Alertmanager& settings) {
  return settings.token ? std::vector{*settings.token} : std::vector<SecretReference>{};
}

class AlertmanagerChannel final : public Channel {
 public:
  AlertmanagerChannel(Alertmanager settings, Secret token) : settings_(std::move(settings)), token_(std::move(token)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    const Wording wording = say(message, occasion);
    Json annotations = {{"summary", wording.headline},
                        {"description", plain_text(wording)},
                        {"severity", to_string(message.severity)},
                        {"reference", message.reference}};
    Json alerts = Json::array();
    for (const auto& part : message.affected) {
      Json alert = alert_of("OutagedIncident", message, occasion);
      alert["labels"]["incident"] = std::to_string(message.incident.number);
      alert["labels"]["platform"] = part.component.platform;
      alert["labels"]["function"] = part.component.function;
      alert["annotations"] = annotations;
      alert["annotations"]["state"] = to_string(part.state);
      const bool over = message.kind == MessageKind::resolved || part.state == ComponentState::operational;
      if (over) alert["endsAt"] = format_time(occasion.sent_at);
      alerts.push_back(std::move(alert));
    }
    if (alerts.empty()) {
      Json alert = alert_of(message.kind == MessageKind::test ? "OutagedTest" : "OutagedNotice", message, occasion);
      alert["labels"]["reference"] = message.reference;
      alert["annotations"] = annotations;
      // Nothing tells later that these are over.
      alert["endsAt"] = format_time(occasion.sent_at + (message.kind == MessageKind::test ? Micros{1min} : Micros{1h}));
      alerts.push_back(std::move(alert));
    }
    auto request = post_json(settings_.url + "/api/v2/alerts", alerts);
    if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
    return {std::move(request)};
  }

  Reply read(const net::HttpExchange& exchange) const override { return read_status(exchange); }

  Limits limits() const override { return {100ms}; }
  bool takes_digests() const override { return false; }
  std::optional<Micros> repeats_every() const override { return 1min; }
  std::vector<Secret> secrets() const override { return {token_}; }

 private:
  [[nodiscard]] Json alert_of(const char* name, const Message& message, const Occasion& occasion) const {
    Json labels = settings_.labels;
    labels["alertname"] = name;
    if (!message.site.empty()) labels["site"] = message.site;
    const WallTime starts = message.onset.value_or(message.detected.value_or(occasion.sent_at));
    Json alert = {{"labels", std::move(labels)}, {"startsAt", format_time(starts)}};
    if (parse_address(message.link)) alert["generatorURL"] = message.link;
    return alert;
  }

  Alertmanager settings_;
  Secret token_;
};

Expected<std::unique_ptr<Channel>, std::string> open(const Alertmanager& settings, const Secrets& secrets) {
  const Secret token = settings.token ? secrets.at(settings.token->name) : Secret{};
  return std::unique_ptr<Channel>{std::make_unique<AlertmanagerChannel>(settings, token)};
}

}  // namespace

ChannelType alertmanager_type() {
  auto own =
      channel_object<Alertmanager>("alertmanager", "A Prometheus Alertmanager.")
          .required("url", &Alertmanager::url, address_shape("http://127.0.0.1:9093"), "Where it listens.")
          .field("token", &Alertmanager::token, secret_reference(), "A bearer token, if it asks for one; a secret.")
          .field("labels", &Alertmanager::labels,
                 json::map_of(json::nonempty_text(), "[a-zA-Z_][a-zA-Z0-9_]*", "a label's name"),
                 "Labels that every alert gets, for Alertmanager's routes.")
          .build();
  return {"alertmanager", plan<Alertmanager>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
