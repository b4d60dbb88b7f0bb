// ntfy: a POST of JSON to the server's root. A message beyond 4,096 bytes would become an attachment.
// https://docs.ntfy.sh/publish/#publish-as-json
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/plain.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLargestMessage = 4000;
constexpr std::size_t kLargestTitle = 250;

struct Ntfy : Common {
  std::string server = "https://ntfy.sh";
  SecretReference topic;
  std::optional<SecretReference> token;
};

std::vector<SecretReference> secrets_of(const Ntfy& settings) {
  std::vector<SecretReference> out = {settings.topic};
  if (settings.token) out.push_back(*settings.token);
  return out;
}

int priority_of(const Message& message) {
  if (message.kind == MessageKind::resolved) return 3;
  switch (message.severity) {
    case Severity::minor: return 3;
    case Severity::major: return 4;
    case Severity::critical: return 5;
  }
  return 3;
}

class NtfyTopic final : public Channel {
 public:
  NtfyTopic(Ntfy settings, Secret topic, Secret token)
      : settings_(std::move(settings)), topic_(std::move(topic)), token_(std::move(token)) {}

  Steps render(const Message& message, const Occasion& occasion) const override {
    const Wording wording = say(message, occasion);
    Json body = {{"topic", topic_.reveal()},
                 {"title", printable(wording.mark + " " + wording.headline, kLargestTitle)},
                 {"message", printable(plain_text(wording), kLargestMessage)},
                 {"priority", priority_of(message)},
                 {"tags", {std::string{to_string(message.kind)}}}};
    if (parse_address(wording.link)) body["click"] = wording.link;
    if (parse_address(wording.acknowledge_link))
      body["actions"] =
          Json::array({{{"action", "view"}, {"label", wording.acknowledge_label}, {"url", wording.acknowledge_link}}});
    auto request = post_json(settings_.server, body);
    if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
    return {std::move(request)};
  }

  Reply read(const net::HttpExchange& exchange) const override { return read_status(exchange); }
  std::vector<Secret> secrets() const override { return {topic_, token_}; }

 private:
  Ntfy settings_;
  Secret topic_;
  Secret token_;
};

Expected<std::unique_ptr<Channel>, std::string> open(const Ntfy& settings, const Secrets& secrets) {
  static const std::regex form{"[-_A-Za-z0-9]{1,64}"};
  const Secret& topic = secrets.at(settings.topic.name);
  if (!std::regex_match(topic.reveal(), form))
    return Unexpected{fmt::format("secret {} is not a topic (letters, digits, _ and -)", settings.topic.name)};
  const Secret token = settings.token ? secrets.at(settings.token->name) : Secret{};
  return std::unique_ptr<Channel>{std::make_unique<NtfyTopic>(settings, topic, token)};
}

}  // namespace

ChannelType ntfy_type() {
  auto own = channel_object<Ntfy>("ntfy", "A topic of ntfy.")
                 .field("server", &Ntfy::server, address_shape("https://ntfy.sh"), "The server.")
                 .required("topic", &Ntfy::topic, secret_reference(),
                           "The topic; whoever knows it can read along, so it is a secret.")
                 .field("token", &Ntfy::token, secret_reference(), "An access token, if the server asks; a secret.")
                 .build();
  return {"ntfy", plan<Ntfy>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
