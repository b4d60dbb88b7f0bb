// The worker over channels of other kinds: fallbacks, digests, first messages kept up to date, receivers that forget.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/simulated_timer_queue.hpp"
#include "notify/worker.hpp"
#include "opened_channel.hpp"
#include "table_outbox.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;
using test::answered;
using test::kHook;
using test::kStart;
using test::TableOutbox;
using test::unanswered;

namespace {

using Outcomes = std::vector<std::string>;

/// A worker over channels of the test's own, whose requests get what `reply` says.
struct OwnBench {
  SimulatedTimerQueue timers{kStart};
  TableOutbox outbox{timers};
  std::vector<net::HttpRequest> sent;
  std::function<net::HttpExchange(const net::HttpRequest&)> reply;
  std::unique_ptr<Worker> worker;

  explicit OwnBench(const std::string& section) {
    auto send = [this](Request any, std::function<void(net::HttpExchange)> done) {
      sent.push_back(std::get<net::HttpRequest>(any));
      timers.at(timers.now() + 10ms, [this, request = sent.back(), done = std::move(done)] { done(reply(request)); });
    };
    auto raise = [](const store::ChannelProblem& problem) {
      store::OutboxMessage notice;
      notice.reference = "channel-" + problem.channel;
      return std::vector{notice};
    };
    worker = std::make_unique<Worker>(Worker::Parts{
        .timers = timers,
        .outbox = outbox,
        .send = send,
        .channels = test::open_channels(section, {{"HOOK", kHook}, {"HOOK2", kHook + "-2"}, {"BOT", "xoxb-1"}}),
        .random = Random{7},
        .raise = raise});
  }
  void run(Micros time) {
    worker->wake();
    timers.run_for(time);
  }
};

const char* kWithFallback = R"({"ops": {"type": "slack", "url": "${secret:HOOK}", "fallback": "night"},
                                "night": {"type": "slack", "url": "${secret:HOOK2}"}})";

}  // namespace

TEST_CASE("what a channel refuses goes to its fallback, and the channel is raised as a problem once") {
  OwnBench bench{kWithFallback};
  bool broken = true;
  bench.reply = [&](const net::HttpRequest& request) {
    return broken && request.url == kHook ? answered(404, "no_service") : answered(200, "ok");
  };
  bench.outbox.add("ops", 1);
  bench.outbox.add("ops", 2);
  bench.run(1min);
  CHECK(bench.outbox.outcomes(1) == Outcomes{"failed"});
  CHECK(bench.outbox.outcomes(2) == Outcomes{"failed"});
  REQUIRE(bench.outbox.rows.size() == 4);
  CHECK(bench.outbox.rows[2].channel == "night");
  CHECK(bench.outbox.outcomes(3) == Outcomes{"delivered"});
  CHECK(bench.outbox.outcomes(4) == Outcomes{"delivered"});
  CHECK(bench.outbox.problems.size() == 1);
  CHECK(bench.outbox.notices.size() == 1);
  broken = false;
  bench.outbox.add("ops", 3);
  bench.run(1min);
  REQUIRE(bench.outbox.problems.size() == 2);
  CHECK(!bench.outbox.problems.back().open);
}

TEST_CASE("a channel out of reach for ten minutes hands over to its fallback and still delivers later") {
  OwnBench bench{kWithFallback};
  const auto back = kStart + 40min;
  bench.reply = [&](const net::HttpRequest& request) {
    if (request.url == kHook && bench.timers.wall_now() < back)
      return unanswered(Layer::tcp, "refused", "connection refused");
    return answered(200, "ok");
  };
  bench.outbox.add("ops", 1);
  bench.run(9min);
  CHECK(bench.outbox.rows.size() == 1);
  bench.run(8min);
  REQUIRE(bench.outbox.rows.size() == 2);
  CHECK(bench.outbox.outcomes(2) == Outcomes{"delivered"});
  bench.run(1h);
  CHECK(bench.outbox.outcomes(1).back() == "delivered");
}

TEST_CASE("after a long loss of network people get one digest, in which nothing is missing") {
  OwnBench bench{R"({"ops": {"type": "slack", "url": "${secret:HOOK}"}})"};
  const auto back = kStart + 2h;
  bench.reply = [&](const net::HttpRequest&) {
    return bench.timers.wall_now() < back ? unanswered(Layer::tcp, "unreachable", "no network") : answered(200, "ok");
  };
  for (int i = 1; i <= 10; ++i) bench.outbox.add("ops", i, "incident " + std::to_string(i));
  bench.run(2h);
  const auto before = bench.sent.size();
  bench.run(30min);
  for (int i = 1; i <= 10; ++i) CHECK(bench.outbox.outcomes(i).back() == "delivered");
  REQUIRE(bench.sent.size() == before + 1);
  for (int i = 1; i <= 10; ++i)
    CHECK(bench.sent.back().body.find("incident " + std::to_string(i)) != std::string::npos);
}

TEST_CASE("a Slack bot's updates keep the first message up to date, and a lost one costs nothing") {
  OwnBench bench{R"({"ops": {"type": "slack-bot", "token": "${secret:BOT}", "channel": "C012"}})"};
  bench.reply = [](const net::HttpRequest& request) {
    if (request.url.ends_with("chat.update")) return answered(200, R"({"ok":false,"error":"message_not_found"})");
    return answered(200, R"({"ok":true,"channel":"C012","ts":"1.2"})");
  };
  bench.outbox.add("ops", 1, "first");
  bench.run(1min);
  bench.outbox.add("ops", 1, "second").handle = bench.outbox.rows.front().handle;
  bench.run(1min);
  REQUIRE(bench.sent.size() == 3);
  CHECK(bench.sent[1].url.ends_with("chat.update"));
  CHECK(nlohmann::json::parse(bench.sent[2].body)["thread_ts"] == "1.2");
  CHECK(bench.outbox.outcomes(2) == Outcomes{"delivered"});
}

TEST_CASE("a receiver that forgets is told again each minute") {
  OwnBench bench{R"({"ops": {"type": "alertmanager", "url": "http://127.0.0.1:9093"}})"};
  bench.reply = [](const net::HttpRequest&) { return answered(200, ""); };
  bench.outbox.add("ops", 1);
  bench.run(10min);
  CHECK(bench.sent.size() >= 9);
  CHECK(bench.sent.size() <= 12);
  CHECK(bench.outbox.deliveries.size() == 1);
}
