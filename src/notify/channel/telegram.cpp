// Telegram Bot API, sendMessage and editMessageText: POST to an address with the bot's token in it, answered with
// {"ok":true,"result":…}. https://core.telegram.org/bots/api#sendmessage
//
// Text is HTML with at most 4,096 UTF-16 units after parsing. Telegram also makes links of anything that looks like an
// address, a mention or a command, and has no way to say no: an invisible WORD JOINER inside keeps it from doing so.

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/json/parse.hpp"
#include "base/number.hpp"
#include "notify/channel/address.hpp"
#include "notify/channel/common.hpp"
#include "notify/markup.hpp"

namespace outaged::notify {
namespace {

using json::Json;

constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestHeadline = 300;
constexpr std::size_t kLongestFact = 200;
constexpr std::size_t kLongestLink = 1000;
constexpr std::string_view kServer = "https://api.telegram.org";

struct Telegram : Common {
  SecretReference token;
  std::string chat;
  std::optional<std::int64_t> thread;
  std::string base_url = std::string{kServer};
};

/// HTML that knows how long it is for Telegram: tags and entities do not count as they are written.
class Html {
 public:
  explicit Html(std::size_t limit) : left_(limit) {}

  /// Adds `text`, cut at the limit, between a tag and its end. Text that has no room at all leaves no empty tag.
  void add(std::string_view text, std::string_view open = {}, std::string_view close = {}) {
    const std::string fitting = cut(text, left_);
    if (fitting.empty()) return;
    left_ -= utf16_length(fitting);
    html_ += fmt::format("{}{}{}", open, escape(fitting), close);
  }

  [[nodiscard]] std::size_t left() const { return left_; }
  [[nodiscard]] const std::string& text() const { return html_; }

 private:
  std::size_t left_;
  std::string html_;
};

/// What must always be there: facts, link and footer.
Html ending(const Wording& wording) {
  Html html{kLongestText};
  if (!wording.facts.empty()) html.add("\n");
  for (const auto& [label, value] : wording.facts) {
    html.add("\n");
    html.add(inert(label), "<b>", "</b>");
    html.add(": " + cut(inert(value), kLongestFact));
  }
  html.add("\n\n");
  for (const auto& [address, label] :
       {std::pair{wording.link, wording.link_label}, std::pair{wording.acknowledge_link, wording.acknowledge_label}}) {
    if (address.empty() || address.size() > kLongestLink) continue;
    std::string quoted;
    for (const char c : address) quoted += c == '"' ? "%22" : std::string(1, c);
    html.add(label, fmt::format("<a href=\"{}\">", escape(quoted)), "</a>");
    html.add("\n");
  }
  html.add(cut(inert(wording.footer), kLongestFact), "<i>", "</i>");
  return html;
}

std::string text_of(const Wording& wording) {
  const Html end = ending(wording);
  Html html{end.left()};
  html.add(wording.mark + " ");
  html.add(cut(inert(wording.headline), kLongestHeadline), "<b>", "</b>");
  for (const auto& paragraph : wording.paragraphs) html.add("\n\n" + inert(paragraph));
  if (!wording.points.empty()) html.add("\n");
  for (const auto& point : wording.points) html.add("\n\u2022 " + inert(point));
  return html.text() + end.text();
}

/// Telegram's answer, as far as it matters here.
struct Answer {
  bool ok = false;
  std::int64_t message_id = 0;
  std::string description;
  std::optional<Micros> retry_after;
  std::string migrate_to;
};

std::optional<Answer> parse_answer(const std::string& body) {
  const auto parsed = json::parse_untrusted(body, 32);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const auto member = [](const Json& object, const char* name) {
    return object.is_object() && object.contains(name) ? object.at(name) : Json{};
  };
  const Json ok = member(*parsed, "ok");
  if (!ok.is_boolean()) return std::nullopt;
  Answer answer;
  answer.ok = ok.get<bool>();
  const Json id = member(member(*parsed, "result"), "message_id");
  if (id.is_number_integer()) answer.message_id = id.get<std::int64_t>();
  const Json description = member(*parsed, "description");
  if (description.is_string()) answer.description = printable(description.get<std::string>(), std::string::npos);
  const Json parameters = member(*parsed, "parameters");
  const Json wait = member(parameters, "retry_after");
  if (wait.is_number_unsigned() && wait.get<std::uint64_t>() < 1'000'000'000)
    answer.retry_after = std::chrono::seconds{wait.get<std::int64_t>()};
  const Json chat = member(parameters, "migrate_to_chat_id");
  if (chat.is_number_integer()) answer.migrate_to = std::to_string(chat.get<std::int64_t>());
  return answer;
}

class TelegramChat final : public Channel {
 public:
  TelegramChat(Telegram settings, Secret token)
      : settings_(std::move(settings)), token_(std::move(token)), chat_(settings_.chat) {}

  /// The first message about an incident is kept up to date; what is new comes as a reply to it.
  Steps render(const Message& message, const Occasion& occasion) const override {
    const std::string text = text_of(say(message, occasion));
    Steps steps;
    const auto first = parse_number<std::int64_t>(occasion.handle);
    if (first) {
      auto edit = body_of(text);
      edit["message_id"] = *first;
      edit.erase("message_thread_id");
      steps.emplace_back(call("editMessageText", edit));
    }
    auto body = body_of(text);
    // Whoever deleted the first message still gets the news.
    if (first) body["reply_parameters"] = {{"message_id", *first}, {"allow_sending_without_reply", true}};
    if (message.kind == MessageKind::updated && message.severity == Severity::minor)
      body["disable_notification"] = true;
    steps.emplace_back(call("sendMessage", body));
    return steps;
  }

  Reply read(const net::HttpExchange& exchange) const override {
    const auto answer = exchange.failure ? std::nullopt : parse_answer(exchange.body);
    if (auto reply = read_common(exchange)) {
      if (answer && !answer->description.empty()) reply->words = answer->description;
      if (answer && answer->retry_after) reply->retry_after = answer->retry_after;
      return std::move(*reply);
    }
    if (!answer) return refused(exchange);
    if (answer->ok) {
      Reply reply{ReplyKind::delivered, fmt::format("ok, message {}", answer->message_id)};
      reply.handle = std::to_string(answer->message_id);
      return reply;
    }
    // The text is there already, which is all that an edit wants.
    if (answer->description.find("message is not modified") != std::string::npos)
      return {ReplyKind::delivered, answer->description};
    if (!answer->migrate_to.empty() && answer->migrate_to != chat_) {
      auto words = fmt::format("{}; the chat is now {}: write that into the configuration", answer->description,
                               answer->migrate_to);
      return {ReplyKind::moved, std::move(words), {}, answer->migrate_to};
    }
    return {ReplyKind::refused, fmt::format("HTTP {}: {}", exchange.status, answer->description)};
  }

  /// One message a second per chat, 20 a minute in groups and channels, whose ids are negative or names; 30 a second
  /// for the bot as a whole.
  Limits limits() const override {
    const bool group = chat_.starts_with('-') || chat_.starts_with('@');
    return {std::chrono::seconds{group ? 3 : 1}, "telegram " + token_.reveal(), std::chrono::milliseconds{34}};
  }

  void follow(const std::string& moved_to) override { chat_ = moved_to; }

  std::vector<Secret> secrets() const override {
    // The part behind the colon alone is what makes a token secret.
    return {token_, Secret{token_.reveal().substr(token_.reveal().find(':') + 1)}};
  }

 private:
  [[nodiscard]] Json body_of(const std::string& text) const {
    Json body = {
        {"chat_id", chat_}, {"text", text}, {"parse_mode", "HTML"}, {"link_preview_options", {{"is_disabled", true}}}};
    if (settings_.thread) body["message_thread_id"] = *settings_.thread;
    return body;
  }

  [[nodiscard]] net::HttpRequest call(std::string_view method, const Json& body) const {
    auto request = post_json(fmt::format("{}/bot{}/{}", settings_.base_url, token_.reveal(), method), body);
    request.headers = {{"Content-Type", "application/json"}};
    return request;
  }

  Telegram settings_;
  Secret token_;
  std::string chat_;
};

std::vector<SecretReference> secrets_of(const Telegram& settings) {
  return {settings.token};
}

Expected<std::unique_ptr<Channel>, std::string> open(const Telegram& settings, const Secrets& secrets) {
  static const std::regex form{"[0-9]+:[A-Za-z0-9_-]+"};
  const Secret& token = secrets.at(settings.token.name);
  if (!std::regex_match(token.reveal(), form))
    return Unexpected{fmt::format("secret {} is not a bot token (123456:ABC…)", settings.token.name)};
  return std::unique_ptr<Channel>{std::make_unique<TelegramChat>(settings, token)};
}

}  // namespace

ChannelType telegram_type() {
  auto own = channel_object<Telegram>("telegram", "A chat, group or channel on Telegram, written to by a bot.")
                 .required("token", &Telegram::token, secret_reference(), "The bot's token, a secret.")
                 .required("chat", &Telegram::chat, json::text("-?[0-9]+|@[A-Za-z0-9_]+", "a chat id or \"@name\""),
                           "Whom the bot writes to: the id of a chat, or the name of a public channel.")
                 .field("thread", &Telegram::thread, json::integer(1, std::numeric_limits<std::int64_t>::max()),
                        "The topic within a forum group.")
                 .field("base_url", &Telegram::base_url, address_shape("https://api.telegram.org"),
                        "A Bot API server of your own.")
                 .build();
  return {"telegram", plan<Telegram>(std::move(own), secrets_of, open)};
}

}  // namespace outaged::notify
