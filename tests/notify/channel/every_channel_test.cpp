// What every kind of channel promises, against rules written from the receivers' documents.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../july_2019.hpp"
#include "../opened_channel.hpp"
#include "base/encoding.hpp"
#include "notify/channel/address.hpp"
#include "notify/digest.hpp"
#include "support/receiver_rules.hpp"

using namespace outaged;
using namespace outaged::notify;
using test::kSent;
using Json = nlohmann::json;
using test::answered;
using test::utf16_units;

namespace {

const std::string kKey = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

std::unique_ptr<Channel> open(const std::string& entry) {
  return test::open_channel(entry, {{"URL", "https://receiver.example/api/webhooks/1/very-secret"},
                                    {"KEY", kKey},
                                    {"ROUTING", "0123456789abcdef0123456789abcdef"},
                                    {"TOPIC", "very-secret-topic"},
                                    {"PASSWORD", "very-secret-password"}});
}

std::vector<Message> messages() {
  std::vector<Message> out;
  const auto context = test::july_2019_context();
  for (const auto kind : {MessageKind::opened, MessageKind::updated, MessageKind::reminder})
    out.push_back(compose(test::july_2019(), kind, context, 0));
  out.push_back(compose(test::july_2019_resolved(), MessageKind::resolved, context, 1));
  out.push_back(test_message(context));
  out.push_back(notice("n", "A channel is broken", "It says 401.", Severity::major, kSent, context));
  auto hostile = out.front();
  hostile.title = test::kHostile;
  for (int i = 0; i < 60; ++i) hostile.diagnosis += test::kHostile;
  hostile.vendor = hostile.diagnosis;
  hostile.site = test::kHostile;
  hostile.link = "https://status.example.org/?a=\"><b>&c='";
  hostile.acknowledge_link = "https://status.example.org/ack/1";
  for (int i = 0; i < 40; ++i)
    hostile.affected.push_back(
        {{"whatsapp", "part-" + std::to_string(i)}, ComponentState::major_outage, 1, 1, Layer::dns});
  out.push_back(hostile);
  out.push_back(digest_of(std::vector<Message>(100, hostile), "milan"));
  return out;
}

/// Requests of one channel for all messages, looked at one by one.
void each_body(const std::string& entry, const std::function<void(const Json&, const Message&)>& look) {
  for (const auto& message : messages()) {
    for (const auto& step : open(entry)->render(message, {kSent})) {
      const auto& request = std::get<net::HttpRequest>(step);
      CAPTURE(request.body);
      CHECK(request.method == "POST");
      const auto body = Json::parse(request.body, nullptr, false);
      REQUIRE(!body.is_discarded());
      look(body, message);
    }
  }
}

}  // namespace

TEST_CASE("Discord takes every message and reads no mention in it") {
  each_body(R"({"type": "discord", "url": "${secret:URL}"})", [](const Json& body, const Message&) {
    CHECK(body["allowed_mentions"]["parse"] == Json::array());
    REQUIRE(body["embeds"].size() == 1);
    const auto& embed = body["embeds"][0];
    std::size_t total = utf16_units(embed["title"]) + utf16_units(embed["footer"]["text"]);
    CHECK(utf16_units(embed["title"]) <= 256);
    CHECK(utf16_units(embed["footer"]["text"]) <= 2048);
    CHECK(utf16_units(embed.value("description", "")) <= 4096);
    total += utf16_units(embed.value("description", ""));
    CHECK(embed["fields"].size() <= 25);
    for (const auto& field : embed["fields"]) {
      CHECK(utf16_units(field["name"]) <= 256);
      CHECK(utf16_units(field["value"]) <= 1024);
      CHECK(!field["value"].get<std::string>().empty());
      total += utf16_units(field["name"]) + utf16_units(field["value"]);
    }
    CHECK(total <= 6000);
    CHECK(embed.value("description", "").find("[click]") == std::string::npos);
  });
  const auto reply = open(R"({"type": "discord", "url": "${secret:URL}"})")
                         ->read(answered(429, R"({"message": "slow down", "retry_after": 1.337, "global": false})"));
  CHECK(reply.kind == ReplyKind::passing);
  CHECK(reply.retry_after == Micros{1'337'000});
}

TEST_CASE("Teams gets one card of at most 28 KB, in which nothing from outside is markdown") {
  each_body(R"({"type": "teams", "url": "${secret:URL}"})", [](const Json& body, const Message&) {
    CHECK(body.dump().size() <= 28 * 1024);
    CHECK(body["type"] == "message");
    const auto& card = body["attachments"][0];
    CHECK(card["contentType"] == "application/vnd.microsoft.card.adaptive");
    CHECK(card["content"]["type"] == "AdaptiveCard");
    for (const auto& block : card["content"]["body"]) CHECK(block["type"] == "RichTextBlock");
  });
}

TEST_CASE("ntfy gets a title, a message below 4,096 bytes and a priority") {
  each_body(R"({"type": "ntfy", "topic": "${secret:TOPIC}"})", [](const Json& body, const Message& message) {
    CHECK(body["topic"] == "very-secret-topic");
    CHECK(body["message"].get<std::string>().size() <= 4096);
    const int priority = body["priority"];
    CHECK(priority >= 1);
    CHECK(priority <= 5);
    if (message.kind == MessageKind::opened) CHECK(priority == 4);
  });
}

TEST_CASE("PagerDuty gets one incident for one of ours, and a test cleans up after itself") {
  std::vector<std::string> actions;
  each_body(R"({"type": "pagerduty", "routing_key": "${secret:ROUTING}"})",
            [&](const Json& body, const Message& message) {
              CHECK(body["routing_key"] == "0123456789abcdef0123456789abcdef");
              CHECK(utf16_units(body["dedup_key"]) <= 255);
              if (message.incident.number == 12 && message.site == "milan")
                CHECK(body["dedup_key"] == "outaged/milan/incident-12");
              if (message.kind == MessageKind::test) actions.push_back(body["event_action"]);
              if (message.kind == MessageKind::resolved) CHECK(body["event_action"] == "resolve");
              if (body["event_action"] != "trigger") return;
              CHECK(utf16_units(body["payload"]["summary"]) <= 1024);
              const std::string severity = body["payload"]["severity"];
              CHECK((severity == "critical" || severity == "error" || severity == "warning" || severity == "info"));
            });
  CHECK(actions == std::vector<std::string>{"trigger", "resolve"});
}

TEST_CASE("Alertmanager knows an alert by the same labels from the opening to the end") {
  const auto channel = open(R"({"type": "alertmanager", "url": "http://127.0.0.1:9093", "labels": {"team": "ops"}})");
  const auto alerts = [&](const Message& message) {
    return Json::parse(test::rendered(*channel, message, kSent).body);
  };
  const auto all = messages();
  const auto opened = alerts(all[0]);
  REQUIRE(opened.size() == 3);
  CHECK(opened[0]["labels"] == Json{{"alertname", "OutagedIncident"},
                                    {"incident", "12"},
                                    {"platform", "whatsapp"},
                                    {"function", "media-upload"},
                                    {"site", "milan"},
                                    {"team", "ops"}});
  CHECK(!opened[0].contains("endsAt"));
  const auto resolved = alerts(all[3]);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(resolved[i]["labels"] == opened[i]["labels"]);
    CHECK(resolved[i]["endsAt"] == "2019-07-03T13:10:02Z");
  }
  CHECK(channel->repeats_every() == std::chrono::minutes{1});
  CHECK(!channel->takes_digests());
}

TEST_CASE("a webhook carries its message's reference and a signature for each of its secrets") {
  const auto channel = open(
      R"({"type": "webhook", "url": "${secret:URL}", "secret": "${secret:KEY}", "former_secret": "${secret:KEY}"})");
  const auto message = messages().front();
  const auto request = test::rendered(*channel, message, kSent);
  const auto header = [&](const std::string& name) {
    for (const auto& [key, value] : request.headers) {
      if (key == name) return value;
    }
    return std::string{};
  };
  CHECK(header("webhook-id") == message.reference);
  CHECK(header("webhook-timestamp") == "1562159402");
  const auto key = base64_decode(kKey.substr(6)).value();
  const auto expected = "v1," + base64_encode(hmac_sha256(key, message.reference + ".1562159402." + request.body));
  CHECK(header("webhook-signature") == expected + " " + expected);
  const auto body = Json::parse(request.body);
  CHECK(body["type"] == "incident.opened");
  CHECK(body["data"]["affected"][0]["component"] == "whatsapp/media-upload");
  CHECK(channel->read(answered(410, "gone")).kind == ReplyKind::refused);
  CHECK(channel->read(answered(204, "")).kind == ReplyKind::delivered);
  CHECK(channel->read(answered(302, "", {{"location", "http://169.254.169.254/"}})).kind == ReplyKind::refused);
}

TEST_CASE("mails about one incident form a thread and cannot be given headers from outside") {
  const auto channel = open(R"({"type": "email", "server": "smtp://127.0.0.1:25", "encrypted": false,
                               "from": "outaged@example.org", "to": ["a@example.org", "b@example.org"]})");
  const auto all = messages();
  const auto mail = [&](const Message& message) {
    return std::get<MailRequest>(channel->render(message, {kSent}).front()).content;
  };
  const auto line = [](const std::string& content, const std::string& name) {
    const auto begin = content.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return std::string{};
    return content.substr(begin + name.size() + 4, content.find("\r\n", begin + 2) - begin - name.size() - 4);
  };
  const auto root = line(mail(all[0]), "Message-ID");
  CHECK(!root.empty());
  CHECK(line(mail(all[3]), "References") == root);
  CHECK(line(mail(all[3]), "Message-ID") != root);
  CHECK(line(mail(all[0]), "Date") == "Wed, 03 Jul 2019 13:10:02 +0000");
  CHECK(line(mail(all[0]), "Auto-Submitted") == "auto-generated");
  auto injecting = all[0];
  injecting.title = "x\r\nBcc: evil@example.org\r\n\r\nbody";
  injecting.reference = "r\r\nBcc: evil@example.org";
  CHECK(line(mail(injecting), "Bcc").empty());
  for (const auto& message : all) {
    const std::string content = mail(message);
    for (std::size_t begin = 0; begin < content.size();) {
      const auto end = content.find("\r\n", begin);
      REQUIRE(end != std::string::npos);
      CHECK(end - begin <= 998);  // RFC 5322 §2.1.1
      begin = end + 2;
    }
  }
  CHECK(channel->read(answered(250, "250 queued")).kind == ReplyKind::delivered);
  CHECK(channel->read(answered(451, "451 later")).kind == ReplyKind::passing);
  CHECK(channel->read(answered(535, "535 bad credentials")).kind == ReplyKind::refused);
}

TEST_CASE("a program's exit code says whether to try again") {
  const auto channel = open(R"({"type": "exec", "command": ["/usr/bin/logger", "-t", "outaged"]})");
  const auto request = std::get<ProgramRequest>(channel->render(messages().front(), {kSent}).front());
  CHECK(request.command == std::vector<std::string>{"/usr/bin/logger", "-t", "outaged"});
  CHECK(Json::parse(request.input)["data"]["incident"] == 12);
  CHECK(channel->read(answered(0, "")).kind == ReplyKind::delivered);
  CHECK(channel->read(answered(75, "")).kind == ReplyKind::passing);
  CHECK(channel->read(answered(1, "")).kind == ReplyKind::passing);
  CHECK(channel->read(answered(78, "")).kind == ReplyKind::refused);
}

TEST_CASE("settings that no receiver could have issued are refused without being shown") {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"({"type": "pagerduty", "routing_key": "${secret:TOPIC}"})", "TOPIC is not an integration key"},
      {R"({"type": "discord", "url": "${secret:TOPIC}"})", "TOPIC is not a Discord webhook"},
      {R"({"type": "webhook", "url": "${secret:TOPIC}"})", "TOPIC is not an address"},
      {R"({"type": "webhook", "url": "${secret:URL}", "secret": "${secret:TOPIC}"})", "TOPIC is not a signing secret"},
      {R"({"type": "exec", "command": ["logger"]})", "an absolute path"},
      {R"({"type": "email", "server": "http://x", "from": "a@b", "to": ["a@b"]})", "smtp"},
      {R"({"type": "email", "server": "smtp://x", "user": "u", "from": "a@b", "to": ["a@b"]})", "both or none"},
      {R"({"type": "ntfy", "topic": "${secret:TOPIC}", "zone": "Europe/Rom"})", "Europe/Rome"},
      {R"({"type": "ntfy", "topic": "${secret:TOPIC}", "language": "xx"})", "it"},
      {R"({"type": "ntfy", "topic": "${secret:TOPIC}", "fallback": "other"})", "fallback"}};
  for (const auto& [entry, reason] : wrong) {
    CAPTURE(entry);
    try {
      open(entry);
      FAIL_CHECK("opened");
    } catch (const std::runtime_error& error) {
      const std::string text = error.what();
      CAPTURE(text);
      CHECK(text.find(reason) != std::string::npos);
      CHECK(text.find("very-secret") == std::string::npos);
    }
  }
}

TEST_CASE("whatever a receiver echoes of the address that it was asked at is a secret") {
  const std::string token = "0f8e7d6c-5b4a-4938-2716-0a1b2c3d4e5f";
  const std::string url = "https://receiver.example/api/webhooks/S3CRET/" + token + "?key=a%2Fb%20hidden&v=1";
  std::vector<std::vector<Secret>> known = {secret_parts(Secret{url})};
  for (const char* type : {"slack", "discord", "teams", "webhook"})
    known.push_back(
        test::open_channel(fmt::format(R"({{"type": "{}", "url": "${{secret:URL}}"}})", type), {{"URL", url}})
            ->secrets());
  for (const auto& secrets : known) {
    Redactor redactor;
    for (const auto& secret : secrets) redactor.add(secret);
    CHECK(redactor.redact("at " + url) == "at ***");
    CHECK(redactor.redact(R"({"path":"/api/webhooks/S3CRET/)" + token + "\"}") == R"({"path":"***"})");
    CHECK(redactor.redact("unknown webhook " + token) == "unknown webhook ***");
    CHECK(redactor.redact(R"({"query":{"key":"a/b hidden"}})") == R"({"query":{"key":"***"}})");
    CHECK(redactor.redact("no webhooks here") == "no webhooks here");
  }
}

TEST_CASE("an address without a path has nothing to hide but itself") {
  CHECK(secret_parts(Secret{"https://receiver.example"}).size() == 1);
  CHECK(secret_parts(Secret{"https://receiver.example/"}).size() == 1);
  CHECK(secret_parts(Secret{"no address"}).size() == 1);
}
