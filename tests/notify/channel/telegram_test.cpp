#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../july_2019.hpp"
#include "../opened_channel.hpp"
#include "support/receiver_rules.hpp"

using namespace outaged;
using namespace outaged::notify;
using incident::AnnouncementKind;
using test::kSent;
using Json = nlohmann::json;
using test::answered;

namespace {
const std::string kToken = "123456:AAsecret-part-of-the-token";

std::unique_ptr<Channel> telegram(const std::string& more = R"("chat": "-1001234")") {
  return test::open_channel(R"({"type": "telegram", "token": "${secret:BOT}", )" + more + "}", {{"BOT", kToken}});
}
std::string text_of(const Message& message) {
  return Json::parse(test::rendered(*telegram(), message, kSent).body)["text"].get<std::string>();
}
/// What a reader sees, without the invisible characters.
std::string seen(const Message& message) {
  auto parsed = test::parse_telegram_html(text_of(message));
  CHECK(parsed.fault == "");
  for (auto at = parsed.text.find("\u2060"); at != std::string::npos; at = parsed.text.find("\u2060"))
    parsed.text.erase(at, 3);
  return parsed.text;
}
}  // namespace

TEST_CASE("the Telegram message of 3 July 2019") {
  const auto message = compose(test::july_2019(), AnnouncementKind::opened, test::july_2019_context());
  const auto request = test::rendered(*telegram(), message, kSent);
  CHECK(request.method == "POST");
  CHECK(request.url == "https://api.telegram.org/bot" + kToken + "/sendMessage");
  const auto body = Json::parse(request.body);
  CHECK(body["chat_id"] == "-1001234");
  CHECK(body["parse_mode"] == "HTML");
  CHECK(body["link_preview_options"] == Json{{"is_disabled", true}});
  CHECK_FALSE(body.contains("message_thread_id"));
  CHECK(body["text"] ==
        "🟠 <b>Media upload and media download fail on WhatsApp, Instagram and Facebook</b>\n"
        "\n"
        "About 31 % of attempts fail now; it began at 13:04 UTC. The media tier answers HTTP 5xx. Messages and log-in "
        "work.\n"
        "\n"
        "• WhatsApp, sending photos, videos and files: 31 % of attempts fail; its servers answer with errors (HTTP)\n"
        "• WhatsApp, opening photos, videos and files: 28 % of attempts fail; no answer comes in time\n"
        "• Facebook, sending photos, videos and files: all attempts fail; its servers answer with errors (HTTP)\n"
        "\n"
        "<b>Since</b>: 2019-07-03 13:04 UTC\n"
        "<b>Noticed</b>: 2019-07-03 13:09 UTC\n"
        "<b>Severity</b>: major\n"
        "<b>At worst</b>: all attempts failed\n"
        "<b>Still works</b>: Facebook: logging in; WhatsApp: logging in, sending messages\n"
        "<b>Our own network</b>: fine: 4 of 4 other sites answer\n"
        "\n"
        "<a href=\"https://status.example.org/incidents/12\">Status page</a>\n"
        "<i>Incident 12, message 12-opened-1 · seen from milan · sent 2019-07-03 13:10 UTC</i>");
}

TEST_CASE("a thread and a Bot API server of one's own are used") {
  const auto channel = telegram(R"("chat": "@outages", "thread": 7, "base_url": "http://127.0.0.1:8081")");
  const auto request = test::rendered(*channel, test_message({}), kSent);
  CHECK(request.url == "http://127.0.0.1:8081/bot" + kToken + "/sendMessage");
  CHECK(Json::parse(request.body)["message_thread_id"] == 7);
  CHECK(Json::parse(request.body)["chat_id"] == "@outages");
}

TEST_CASE("Telegram takes every kind of message") {
  std::vector<Message> messages = {test_message({}), test_message(test::july_2019_context()), Message{}};
  for (const auto kind : {AnnouncementKind::opened, AnnouncementKind::updated, AnnouncementKind::resolved})
    messages.push_back(compose(test::july_2019_resolved(), kind, test::july_2019_context()));
  for (const auto& message : messages) {
    const auto answer = test::telegram_answer(test::rendered(*telegram(), message, kSent).body, 1);
    CHECK_MESSAGE(answer.status == 200, answer.body);
  }
}

TEST_CASE("a Telegram message is cut within 4096 units and keeps its end") {
  for (const std::string& unit : {std::string{"word "}, std::string{"\U0001F534"}, std::string{"&"}, std::string{"<x>"},
                                  std::string{"a.b"}, std::string{"\u00E9\U0001F534"}}) {
    CAPTURE(unit);
    std::string longest;
    while (longest.size() < 30'000) longest += unit;
    Message message;
    message.kind = MessageKind::updated;
    message.reference = "12-updated-9";
    message.title = message.diagnosis = message.vendor = longest;
    message.affected.resize(200, {{"whatsapp", "message"}, ComponentState::major_outage, 1, 1, Layer::http});
    for (int i = 0; i < 400; ++i) message.working.push_back({"whatsapp", "function-" + std::to_string(i)});
    const auto answer = test::telegram_answer(test::rendered(*telegram(), message, kSent).body, 1);
    CHECK_MESSAGE(answer.status == 200, answer.body);
    const std::string text = seen(message);
    CHECK(text.find("message 12-updated-9") != std::string::npos);
    CHECK(text.find("\u2026") != std::string::npos);
    CHECK(test::utf16_units(test::parse_telegram_html(text_of(message)).text) > 3900);
  }
}

TEST_CASE("outside text cannot mention, link or format anything on Telegram") {
  Message message;
  message.kind = MessageKind::updated;
  message.reference = message.site = message.title = message.diagnosis = message.vendor = test::kHostile;
  message.link = "https://status.example.org/\"><b>x";
  const auto answer = test::telegram_answer(test::rendered(*telegram(), message, kSent).body, 1);
  CHECK_MESSAGE(answer.status == 200, answer.body);
  const std::string text = test::parse_telegram_html(text_of(message)).text;
  for (const char* alive : {"@everyone", "@U012", "://", "evil.example", "/start"}) {
    CAPTURE(alive);
    CHECK(text.find(alive) == std::string::npos);
  }
  CHECK(seen(message).find("https://evil.example/x") != std::string::npos);
}

TEST_CASE("Telegram's answers are read as it means them") {
  struct Row {
    net::HttpExchange exchange;
    ReplyKind kind;
    const char* words;
  };
  const std::vector<Row> rows = {
      {answered(200, R"({"ok":true,"result":{"message_id":42}})"), ReplyKind::delivered, "ok, message 42"},
      {answered(200, "<html>"), ReplyKind::refused, "HTTP 200 with a web page"},
      {answered(200, "[]"), ReplyKind::refused, "HTTP 200: []"},
      {answered(200, R"({"ok":false,"error_code":400,"description":"odd"})"), ReplyKind::refused, "HTTP 200: odd"},
      {answered(400, R"({"ok":false,"error_code":400,"description":"Bad Request: chat not found"})"),
       ReplyKind::refused, "HTTP 400: Bad Request: chat not found"},
      {answered(401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})"), ReplyKind::refused,
       "HTTP 401: Unauthorized"},
      {answered(403, R"({"ok":false,"error_code":403,"description":"Forbidden: bot was kicked"})"), ReplyKind::refused,
       "HTTP 403: Forbidden: bot was kicked"},
      {answered(404, "not found"), ReplyKind::refused, "HTTP 404: not found"},
      {answered(429, R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7"})"),
       ReplyKind::passing, "Too Many Requests: retry after 7"},
      {answered(502, "<html>Bad Gateway</html>"), ReplyKind::passing, "HTTP 502 with a web page"},
      {test::unanswered(Layer::timeout, "wait", "no answer in 10s"), ReplyKind::passing,
       "no answer (timeout wait): no answer in 10s"},
  };
  for (const auto& row : rows) {
    const auto reply = telegram()->read(row.exchange);
    CHECK(reply.kind == row.kind);
    CHECK(reply.words == row.words);
  }
}

TEST_CASE("Telegram's retry_after counts before the header") {
  using std::chrono::seconds;
  const auto wait = [](const std::string& parameters) {
    return telegram()
        ->read(
            answered(429, R"({"ok":false,"description":"x","parameters":)" + parameters + "}", {{"retry-after", "3"}}))
        .retry_after;
  };
  CHECK(wait(R"({"retry_after": 35})") == seconds{35});
  for (const char* other : {"{}", "[]", "null", R"({"retry_after": "soon"})", R"({"retry_after": -4})",
                            R"({"retry_after": 1e300})", R"({"retry_after": 18446744073709551615})"}) {
    CAPTURE(other);
    CHECK(wait(other) == seconds{3});
  }
}

TEST_CASE("a group that became a supergroup is followed and the operator is told") {
  const auto channel = telegram(R"("chat": "-99")");
  const auto upgraded =
      answered(400, R"({"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded",)"
                    R"("parameters":{"migrate_to_chat_id":-100777}})");
  const auto reply = channel->read(upgraded);
  CHECK(reply.kind == ReplyKind::moved);
  CHECK(reply.moved_to == "-100777");
  CHECK(reply.words ==
        "Bad Request: group chat was upgraded; the chat is now -100777: write that into the configuration");
  channel->follow(reply.moved_to);
  CHECK(Json::parse(test::rendered(*channel, test_message({}), kSent).body)["chat_id"] == "-100777");
  // Being sent to where we are already is no way out.
  CHECK(channel->read(upgraded).kind == ReplyKind::refused);
}

TEST_CASE("the token and its second half are secrets") {
  std::vector<std::string> secrets;
  for (const auto& secret : telegram()->secrets()) secrets.push_back(secret.reveal());
  CHECK(secrets == std::vector<std::string>{kToken, "AAsecret-part-of-the-token"});
}

TEST_CASE("groups are written to less often than persons") {
  using std::chrono::seconds;
  CHECK(telegram(R"("chat": "1234")")->limits().spacing == seconds{1});
  CHECK(telegram(R"("chat": "-1234")")->limits().spacing == seconds{3});
  CHECK(telegram(R"("chat": "@outages")")->limits().spacing == seconds{3});
}
