// Microsoft Teams by a Workflows address: a message with one Adaptive Card, at most 28 KB.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
//
// TextBlock and FactSet read markdown; the runs of a RichTextBlock do not, so everything from outside is in these.
#include <fmt/format.h>

#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/markup.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLargestBody = 27'000;

struct Teams : Common {
  SecretReference url;
};

Json run(std::string_view text, std::size_t limit) {
  return {{"type", "TextRun"}, {"text", cut(text, limit)}};
}

Json rich(Json runs) {
  return {{"type", "RichTextBlock"}, {"inlines", std::move(runs)}};
}

Json card_of(const Wording& wording, std::size_t limit) {
  Json body = Json::array();
  Json title = run(wording.mark + " " + wording.headline, limit);
  title["weight"] = "Bolder";
  title["size"] = "Large";
  body.push_back(rich(Json::array({title})));
  for (const auto& paragraph : wording.paragraphs) body.push_back(rich(Json::array({run(paragraph, limit)})));
  for (const auto& point : wording.points) body.push_back(rich(Json::array({run("\u2022 " + point, limit)})));
  for (const auto& [label, value] : wording.facts) {
    Json name = run(label + ": ", limit);
    name["weight"] = "Bolder";
    body.push_back(rich(Json::array({name, run(value, limit)})));
  }
  Json footer = run(wording.footer, limit);
  footer["size"] = "Small";
  footer["isSubtle"] = true;
  body.push_back(rich(Json::array({footer})));
  Json card = {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
               {"type", "AdaptiveCard"},
               {"version", "1.4"},
               {"msteams", {{"width", "Full"}}},
               {"body", std::move(body)}};
  Json actions = Json::array();
  for (const auto& [address, label] :
       {std::pair{wording.link, wording.link_label}, std::pair{wording.acknowledge_link, wording.acknowledge_label}}) {
    if (parse_address(address)) actions.push_back({{"type", "Action.OpenUrl"}, {"title", label}, {"url", address}});
  }
  if (!actions.empty()) card["actions"] = std::move(actions);
  return card;
}

class TeamsChannel final : public Channel {
 public:
  explicit TeamsChannel(Secret url) : url_(std::move(url)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    const Wording wording = say(message, occasion);
    net::HttpRequest request;
    for (std::size_t limit = 3000; limit > 40; limit /= 2) {
      const Json attachment = {{"contentType", "application/vnd.microsoft.card.adaptive"},
                               {"content", card_of(wording, limit)}};
      request = post_json(url_.reveal(), {{"type", "message"}, {"attachments", Json::array({attachment})}});
      if (request.body.size() <= kLargestBody) break;
    }
    return {std::move(request)};
  }

  Reply read(const net::HttpExchange& exchange) const override { return read_status(exchange); }

  /// "More than four requests in a second" are held back.
  Limits limits() const override { return {std::chrono::seconds{1}}; }
  std::vector<Secret> secrets() const override { return secret_parts(url_); }

 private:
  Secret url_;
};

std::vector<SecretReference> secrets_of(const Teams& settings) {
  return {settings.url};
}

Expected<std::unique_ptr<Channel>, std::string> open(const Teams& settings, const Secrets& secrets) {
  const Secret& url = secrets.at(settings.url.name);
  auto address = parse_address(url.reveal());
  if (!address) return Unexpected{fmt::format("secret {} is not an address (https://…)", settings.url.name)};
  return std::unique_ptr<Channel>{std::make_unique<TeamsChannel>(url)};
}

}  // namespace

ChannelType teams_type() {
  auto own = channel_object<Teams>("teams", "A Microsoft Teams channel, by a Workflows webhook.")
                 .required("url", &Teams::url, secret_reference(), "The workflow's address, a secret.")
                 .build();
  return {"teams", plan<Teams>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
