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
const char* kUrl = "https://hooks.slack.com/services/T0/B0/very-secret";

std::unique_ptr<Channel> slack() {
  return test::open_channel(R"({"type": "slack", "url": "${secret:HOOK}"})", {{"HOOK", kUrl}});
}
Json body_of(const Message& message) {
  return Json::parse(test::rendered(*slack(), message, kSent).body);
}
}  // namespace

TEST_CASE("the Slack message of 3 July 2019") {
  const auto message = compose(test::july_2019(), AnnouncementKind::opened, test::july_2019_context());
  const auto request = test::rendered(*slack(), message, kSent);
  CHECK(request.method == "POST");
  CHECK(request.url == kUrl);
  CHECK(request.headers == std::vector<net::Header>{{"Content-Type", "application/json; charset=utf-8"}});
  const auto expected = Json::parse(R"json({
    "text": "🟠 Media upload and media download fail on WhatsApp, Instagram and Facebook\nAbout 31 % of attempts fail now; it began at 13:04 UTC. The media tier answers HTTP 5xx. Messages and log-in work.",
    "unfurl_links": false,
    "unfurl_media": false,
    "blocks": [
      {"type": "header", "text": {"type": "plain_text", "emoji": false,
        "text": "🟠 Media upload and media download fail on WhatsApp, Instagram and Facebook"}},
      {"type": "section", "text": {"type": "plain_text", "emoji": false,
        "text": "About 31 % of attempts fail now; it began at 13:04 UTC. The media tier answers HTTP 5xx. Messages and log-in work."}},
      {"type": "section", "text": {"type": "plain_text", "emoji": false,
        "text": "• WhatsApp, sending photos, videos and files: 31 % of attempts fail; its servers answer with errors (HTTP)\n• WhatsApp, opening photos, videos and files: 28 % of attempts fail; no answer comes in time\n• Facebook, sending photos, videos and files: all attempts fail; its servers answer with errors (HTTP)"}},
      {"type": "section", "fields": [
        {"type": "mrkdwn", "verbatim": true, "text": "*Since*\n2019-07-03 13:04 UTC"},
        {"type": "mrkdwn", "verbatim": true, "text": "*Noticed*\n2019-07-03 13:09 UTC"},
        {"type": "mrkdwn", "verbatim": true, "text": "*Severity*\nmajor"},
        {"type": "mrkdwn", "verbatim": true, "text": "*At worst*\nall attempts failed"},
        {"type": "mrkdwn", "verbatim": true, "text": "*Still works*\nFacebook: logging in; WhatsApp: logging in, sending messages"},
        {"type": "mrkdwn", "verbatim": true, "text": "*Our own network*\nfine: 4 of 4 other sites answer"}]},
      {"type": "section", "text": {"type": "mrkdwn", "verbatim": true,
        "text": "<https://status.example.org/incidents/12|Status page>"}},
      {"type": "context", "elements": [{"type": "mrkdwn", "verbatim": true,
        "text": "Incident 12, message 12-opened-1 · seen from milan · sent 2019-07-03 13:10 UTC"}]}
    ]})json");
  CHECK(Json::parse(request.body) == expected);
}

TEST_CASE("Slack takes every kind of message") {
  std::vector<Message> messages = {test_message({}), test_message(test::july_2019_context()), Message{}};
  for (const auto kind : {AnnouncementKind::opened, AnnouncementKind::updated, AnnouncementKind::resolved})
    messages.push_back(compose(test::july_2019_resolved(), kind, test::july_2019_context()));
  for (const auto& message : messages) {
    const auto answer = test::slack_answer(test::rendered(*slack(), message, kSent).body);
    CHECK_MESSAGE(answer.status == 200, answer.body);
  }
}

TEST_CASE("a Slack message stays within the limits however long its texts are") {
  for (const std::string& unit :
       {std::string{"word "}, std::string{"\U0001F534"}, std::string{"&"}, std::string{"<x>"}}) {
    CAPTURE(unit);
    std::string longest;
    while (longest.size() < 20'000) longest += unit;
    Message message;
    message.kind = MessageKind::updated;
    message.reference = message.site = message.title = message.diagnosis = message.vendor = longest;
    message.affected.resize(200, {{"whatsapp", "message"}, ComponentState::major_outage, 1, 1, Layer::http});
    for (int i = 0; i < 400; ++i) message.working.push_back({"whatsapp", "function-" + std::to_string(i)});
    const auto answer = test::slack_answer(test::rendered(*slack(), message, kSent).body);
    CHECK_MESSAGE(answer.status == 200, answer.body);
  }
}

TEST_CASE("outside text cannot mention, link or format anything on Slack") {
  Message message;
  message.kind = MessageKind::updated;
  message.reference = message.site = message.title = message.diagnosis = message.vendor = test::kHostile;
  message.link = "https://status.example.org/<!channel>|x";
  const auto answer = test::slack_answer(test::rendered(*slack(), message, kSent).body);
  CHECK_MESSAGE(answer.status == 200, answer.body);
  const auto body = body_of(message);
  for (const auto& block : body["blocks"]) {
    const std::string text = block.dump();
    if (text.find("evil") == std::string::npos) continue;
    // Where Slack reads markup at all, names must not become links by themselves.
    const bool harmless =
        text.find("mrkdwn") == std::string::npos || text.find("\"verbatim\":true") != std::string::npos;
    CHECK_MESSAGE(harmless, text);
  }
}

TEST_CASE("Slack's answers are read as it means them") {
  struct Row {
    net::HttpExchange exchange;
    ReplyKind kind;
    const char* words;
  };
  const std::vector<Row> rows = {
      {answered(200, "ok"), ReplyKind::delivered, "ok"},
      {answered(200, "<html>Welcome to the hotel</html>"), ReplyKind::refused, "HTTP 200 with a web page"},
      {answered(400, "invalid_payload"), ReplyKind::refused, "HTTP 400: invalid_payload"},
      {answered(400, "no_text"), ReplyKind::refused, "HTTP 400: no_text"},
      {answered(403, "action_prohibited"), ReplyKind::refused, "HTTP 403: action_prohibited"},
      {answered(404, "no_service"), ReplyKind::refused, "HTTP 404: no_service"},
      {answered(410, "channel_is_archived"), ReplyKind::refused, "HTTP 410: channel_is_archived"},
      {answered(302, "", {{"location", "http://evil.example"}}), ReplyKind::refused,
       "HTTP 302: a redirect, which is not followed"},
      {answered(408, ""), ReplyKind::passing, "HTTP 408"},
      {answered(429, "rate_limited"), ReplyKind::passing, "rate_limited"},
      {answered(500, "rollup_error"), ReplyKind::passing, "rollup_error"},
      {answered(503, " \n"), ReplyKind::passing, "HTTP 503"},
      {test::unanswered(Layer::tcp, "refused", "connection refused"), ReplyKind::passing,
       "no answer (tcp refused): connection refused"},
      {test::unanswered(Layer::dns, "nxdomain", "no such name"), ReplyKind::passing,
       "no answer (dns nxdomain): no such name"},
  };
  for (const auto& row : rows) {
    const auto reply = slack()->read(row.exchange);
    CHECK(reply.kind == row.kind);
    CHECK(reply.words == row.words);
  }
}

TEST_CASE("Slack's Retry-After is taken in seconds and from 503 too") {
  using std::chrono::seconds;
  CHECK(slack()->read(answered(429, "", {{"retry-after", "30"}})).retry_after == seconds{30});
  CHECK(slack()->read(answered(503, "", {{"retry-after", "2"}})).retry_after == seconds{2});
  for (const char* other : {"", "soon", "-5", "1.5", "99999999999", "Wed, 21 Oct 2015 07:28:00 GMT"})
    CHECK_FALSE(slack()->read(answered(429, "", {{"retry-after", other}})).retry_after);
}

TEST_CASE("what Slack says is bounded when it is shown and always printable") {
  const auto reply = slack()->read(answered(400, std::string(5000, 'x') + "\x1B"));
  CHECK(shown({}, reply.words).size() <= 300);
  CHECK(slack()->read(answered(400, "\x1B[2J\xFF")).words == "HTTP 400:  [2J\xEF\xBF\xBD");
}

TEST_CASE("the address of a webhook and its path are secrets") {
  std::vector<std::string> secrets;
  for (const auto& secret : slack()->secrets()) secrets.push_back(secret.reveal());
  CHECK(secrets == std::vector<std::string>{kUrl, "/services/T0/B0/very-secret"});
}

TEST_CASE("a webhook is asked once a second at most") {
  CHECK(slack()->limits().spacing == std::chrono::seconds{1});
}
