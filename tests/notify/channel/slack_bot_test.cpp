#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "../july_2019.hpp"
#include "../opened_channel.hpp"
#include "support/receiver_rules.hpp"

using namespace outaged;
using namespace outaged::notify;
using test::kSent;
using Json = nlohmann::json;
using test::answered;

namespace {
std::unique_ptr<Channel> bot() {
  return test::open_channel(R"({"type": "slack-bot", "token": "${secret:BOT}", "channel": "C0123456789"})",
                            {{"BOT", "xoxb-very-secret"}});
}
Message message(MessageKind kind) {
  return compose(test::july_2019(), kind, test::july_2019_context(), 0);
}
}  // namespace

TEST_CASE("Slack's first message about an incident is posted, later ones update it and go into its thread") {
  const auto first = bot()->render(message(MessageKind::opened), {kSent});
  REQUIRE(first.size() == 1);
  const auto& post = std::get<net::HttpRequest>(first.front());
  CHECK(post.url == "https://slack.com/api/chat.postMessage");
  CHECK(post.headers.back() == net::Header{"Authorization", "Bearer xoxb-very-secret"});
  CHECK(Json::parse(post.body)["channel"] == "C0123456789");
  CHECK(test::slack_answer(post.body).status == 200);

  const auto reply = bot()->read(answered(200, R"({"ok":true,"channel":"C0123456789","ts":"1562159402.000100"})"));
  CHECK(reply.kind == ReplyKind::delivered);
  const auto later = bot()->render(message(MessageKind::updated), {kSent, reply.handle});
  REQUIRE(later.size() == 2);
  const auto& update = std::get<net::HttpRequest>(later[0]);
  CHECK(update.url == "https://slack.com/api/chat.update");
  CHECK(Json::parse(update.body)["ts"] == "1562159402.000100");
  const auto threaded = Json::parse(std::get<net::HttpRequest>(later[1]).body);
  CHECK(threaded["thread_ts"] == "1562159402.000100");
  CHECK(!threaded.contains("reply_broadcast"));
  const auto end = bot()->render(message(MessageKind::resolved), {kSent, reply.handle});
  CHECK(Json::parse(std::get<net::HttpRequest>(end[1]).body)["reply_broadcast"] == true);
}

TEST_CASE("Slack's refusals are final and its own troubles pass") {
  CHECK(bot()->read(answered(200, R"({"ok":false,"error":"channel_not_found"})")) ==
        Reply{ReplyKind::refused, "channel_not_found"});
  CHECK(bot()->read(answered(200, R"({"ok":false,"error":"invalid_auth"})")).kind == ReplyKind::refused);
  CHECK(bot()->read(answered(200, R"({"ok":false,"error":"internal_error"})")).kind == ReplyKind::passing);
  const auto limited = bot()->read(answered(429, R"({"ok":false,"error":"ratelimited"})", {{"retry-after", "30"}}));
  CHECK(limited.kind == ReplyKind::passing);
  CHECK(limited.retry_after == std::chrono::seconds{30});
  CHECK(bot()->read(answered(200, "<html>")).kind == ReplyKind::refused);
}

TEST_CASE("a token that is none is found before anything is sent, and not shown") {
  try {
    test::open_channel(R"({"type": "slack-bot", "token": "${secret:BOT}", "channel": "C0123456789"})",
                       {{"BOT", "hunter2hunter2"}});
    FAIL("opened");
  } catch (const std::runtime_error& error) {
    CHECK(std::string{error.what()}.find("hunter2") == std::string::npos);
    CHECK(std::string{error.what()}.find("BOT is not a Slack token") != std::string::npos);
  }
}
