#include "notify/worker.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/simulated_timer_queue.hpp"
#include "july_2019.hpp"
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

/// Requests as they leave the worker; `reply` says what each gets, after 10 ms.
struct Wire {
  explicit Wire(TimerQueue& queue) : timers(queue) {}

  struct Sent {
    Instant at;
    std::string url;
    std::string title;
  };
  TimerQueue& timers;
  std::function<net::HttpExchange(const Sent&)> reply = [](const Sent&) { return answered(200, "ok"); };
  std::vector<Sent> sent;
  int under_way = 0;
  int most_under_way = 0;

  void send(const Request& any, std::function<void(net::HttpExchange)> done) {
    const auto& request = std::get<net::HttpRequest>(any);
    const auto body = nlohmann::json::parse(request.body);
    const std::string text = body["text"];
    sent.push_back({timers.now(), request.url, text.substr(text.find(' ') + 1)});
    most_under_way = std::max(most_under_way, ++under_way);
    timers.at(timers.now() + 10ms, [this, one = sent.back(), done = std::move(done)] {
      --under_way;
      done(reply(one));
    });
  }
  std::vector<std::string> titles() const {
    std::vector<std::string> out;
    for (const auto& one : sent) out.push_back(one.title);
    return out;
  }
};

struct Bench {
  SimulatedTimerQueue timers{kStart};
  TableOutbox outbox{timers};
  Wire wire{timers};
  std::unique_ptr<Worker> worker = make();

  std::unique_ptr<Worker> make() {
    auto channels = test::open_channels(
        R"({"ops": {"type": "slack", "url": "${secret:HOOK}"}, "night": {"type": "slack", "url": "${secret:HOOK2}"}})",
        {{"HOOK", kHook}, {"HOOK2", kHook + "-of-the-night"}});
    auto send = [this](Request request, std::function<void(net::HttpExchange)> done) {
      wire.send(request, std::move(done));
    };
    return std::make_unique<Worker>(Worker::Parts{timers, outbox, send, std::move(channels), Random{7}});
  }
  void run(Micros time) {
    worker->wake();
    timers.run_for(time);
  }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a message is sent once and recorded with the receiver's own words") {
  Bench bench;
  bench.outbox.add("ops", 1);
  bench.run(2h);
  CHECK(bench.wire.sent.size() == 1);
  REQUIRE(bench.outbox.deliveries.size() == 1);
  CHECK(bench.outbox.deliveries[0].outcome == DeliveryOutcome::delivered);
  CHECK(bench.outbox.deliveries[0].detail == "ok");
  CHECK(bench.outbox.deliveries[0].at == kStart + 10ms);
}

TEST_CASE("messages of one channel leave in order and one at a time at the receiver's pace") {
  Bench bench;
  for (const char* title : {"a", "b", "c", "d"}) bench.outbox.add("ops", 1, title);
  bench.run(1h);
  CHECK(bench.wire.titles() == Lines{"a", "b", "c", "d"});
  CHECK(bench.wire.most_under_way == 1);
  for (std::size_t i = 1; i < bench.wire.sent.size(); ++i)
    CHECK(bench.wire.sent[i].at - bench.wire.sent[i - 1].at >= 1s);
}

TEST_CASE("a later message never overtakes an earlier one of its incident that has to wait") {
  Bench bench;
  bench.outbox.add("ops", 1, "first");
  bench.outbox.add("ops", 1, "second");
  bench.outbox.add("ops", 2, "other incident");
  int refusals = 3;
  bench.wire.reply = [&refusals](const Wire::Sent& sent) {
    return sent.title == "first" && refusals-- > 0 ? answered(500, "") : answered(200, "ok");
  };
  bench.run(1h);
  CHECK(bench.outbox.outcomes(1) == Lines{"retry", "retry", "retry", "delivered"});
  const auto titles = bench.wire.titles();
  CHECK(std::ranges::count(titles, "second") == 1);
  CHECK(titles.back() == "second");
  // Another incident's message does not wait for it.
  CHECK(titles[1] == "other incident");
}

TEST_CASE("a receiver that fails in passing is asked again after growing pauses") {
  Bench bench;
  bench.outbox.add("ops", 1);
  bench.wire.reply = [](const Wire::Sent&) { return unanswered(Layer::tcp, "refused", "connection refused"); };
  bench.run(2h);
  const auto& sent = bench.wire.sent;
  REQUIRE(sent.size() > 10);
  const auto pause = [&sent](std::size_t i) { return sent[i + 1].at - sent[i].at; };
  CHECK(pause(0) <= 2s + 10ms);
  CHECK(pause(3) >= 8s);
  CHECK(pause(3) <= 16s + 10ms);
  for (std::size_t i = 9; i + 1 < sent.size(); ++i) {
    CHECK(pause(i) >= 150s);
    CHECK(pause(i) <= 300s + 10ms);
  }
}

TEST_CASE("back-off doubles up to its longest and obeys the receiver within reason") {
  const Backoff setting;
  Random random{1};
  for (int attempt = 1; attempt < 200; ++attempt) {
    const Micros whole = attempt > 8 ? Micros{5min} : std::min<Micros>(5min, 2s * (1 << (attempt - 1)));
    const auto wait = backoff(setting, attempt, std::nullopt, random);
    CHECK(wait >= whole / 2);
    CHECK(wait <= whole);
  }
  CHECK(backoff(setting, 1, 90s, random) == 90s);
  CHECK(backoff(setting, 1, 0s, random) >= 1s);
  CHECK(backoff(setting, 1, 1000h, random) == 1h);
  CHECK(backoff(setting, 3, std::nullopt, random) != backoff(setting, 3, std::nullopt, random));
}

TEST_CASE("Retry-After holds the whole channel and no other") {
  Bench bench;
  bench.outbox.add("ops", 1, "limited");
  bench.outbox.add("ops", 2, "behind it");
  bench.outbox.add("night", 1, "elsewhere");
  bool limited = true;
  bench.wire.reply = [&limited](const Wire::Sent& sent) {
    if (sent.title != "limited" || !limited) return answered(200, "ok");
    limited = false;
    return answered(429, "rate_limited", {{"retry-after", "120"}});
  };
  bench.run(1h);
  REQUIRE(bench.wire.titles() == Lines{"elsewhere", "limited", "limited", "behind it"});
  CHECK(bench.wire.sent[1].at == bench.wire.sent[0].at);
  CHECK(bench.wire.sent[2].at - bench.wire.sent[1].at >= 120s);
}

TEST_CASE("a refused message is given up at once and does not hold the next") {
  Bench bench;
  bench.outbox.add("ops", 1, "refused");
  bench.outbox.add("ops", 1, "next");
  bench.wire.reply = [](const Wire::Sent& sent) {
    return sent.title == "refused" ? answered(404, "no_service") : answered(200, "ok");
  };
  bench.run(48h);
  CHECK(bench.outbox.outcomes(1) == Lines{"failed"});
  CHECK(bench.outbox.outcomes(2) == Lines{"delivered"});
  CHECK(bench.outbox.deliveries[0].detail == "HTTP 404: no_service");
}

TEST_CASE("a message that cannot be delivered in time expires and then lets the next one go") {
  Bench bench;
  bench.outbox.add("ops", 1, "old").expires = kStart + 10min;
  bench.outbox.add("ops", 1, "new");
  bench.wire.reply = [](const Wire::Sent& sent) {
    return sent.title == "old" ? answered(503, "") : answered(200, "ok");
  };
  bench.run(1h);
  const auto outcomes = bench.outbox.outcomes(1);
  REQUIRE_FALSE(outcomes.empty());
  CHECK(outcomes.back() == "expired");
  CHECK(bench.outbox.outcomes(2) == Lines{"delivered"});
  const auto expired = std::ranges::find(bench.outbox.deliveries, DeliveryOutcome::expired, &Delivery::outcome);
  CHECK(expired->at <= kStart + 10min + 1s);
}

TEST_CASE("a message is not sent before its time") {
  Bench bench;
  bench.outbox.add("ops", 1).not_before = kStart + 30min;
  bench.run(29min);
  CHECK(bench.wire.sent.empty());
  bench.timers.run_for(2min);
  CHECK(bench.wire.sent.size() == 1);
}

TEST_CASE("a wake-up finds what was written since") {
  Bench bench;
  bench.run(1min);
  bench.outbox.add("ops", 1);
  bench.timers.run_for(1min);
  CHECK(bench.wire.sent.empty());
  bench.run(1min);
  CHECK(bench.wire.sent.size() == 1);
}

TEST_CASE("a new worker goes on with what the old one left") {
  Bench bench;
  bench.outbox.add("ops", 1, "down");
  bench.outbox.add("ops", 1, "behind");
  bench.wire.reply = [](const Wire::Sent&) { return answered(500, ""); };
  bench.run(1min);
  const auto attempts = bench.wire.sent.size();
  CHECK(attempts > 1);
  bench.worker.reset();
  bench.timers.run_for(1h);
  CHECK(bench.wire.sent.size() == attempts);
  bench.wire.reply = [](const Wire::Sent&) { return answered(200, "ok"); };
  bench.worker = bench.make();
  bench.run(1h);
  CHECK(bench.wire.titles().back() == "behind");
  CHECK(bench.outbox.outcomes(2) == Lines{"delivered"});
}

TEST_CASE("a worker that ends while a request is under way repeats the message and nothing else") {
  Bench bench;
  bench.outbox.add("ops", 1, "a");
  bench.outbox.add("ops", 1, "b");
  bench.run(5ms);
  REQUIRE(bench.wire.sent.size() == 1);
  bench.worker = bench.make();
  bench.run(1min);
  CHECK(bench.wire.titles() == Lines{"a", "a", "b"});
}

TEST_CASE("a delivered message is not repeated while the disk refuses to record it") {
  Bench bench;
  bench.outbox.add("ops", 1, "a");
  bench.outbox.add("ops", 1, "b");
  bench.outbox.failing_writes = 10;
  bench.run(10min);
  CHECK(bench.wire.titles() == Lines{"a", "b"});
  CHECK(bench.outbox.outcomes(1) == Lines{"delivered"});
}

TEST_CASE("an outbox that cannot be read is read again later") {
  Bench bench;
  bench.outbox.add("ops", 1);
  bench.outbox.unreadable = true;
  bench.run(10s);
  CHECK(bench.wire.sent.empty());
  bench.outbox.unreadable = false;
  bench.timers.run_for(10s);
  CHECK(bench.wire.sent.size() == 1);
}

TEST_CASE("damaged rows and rows of unknown channels are given up without harm to others") {
  Bench bench;
  bench.outbox.add("gone", 1);
  bench.outbox.add("ops", 1).payload = "{\"kind\": ";
  bench.outbox.add("ops", 1, "sound");
  bench.run(1min);
  CHECK(bench.outbox.outcomes(1) == Lines{"failed"});
  CHECK(bench.outbox.deliveries[0].detail == "no such channel in the configuration");
  CHECK(bench.outbox.outcomes(2) == Lines{"failed"});
  CHECK(bench.wire.titles() == Lines{"sound"});
}

TEST_CASE("secrets that a receiver or the network echoes do not reach the record") {
  Bench bench;
  bench.outbox.add("ops", 1);
  bench.outbox.add("ops", 2);
  bench.outbox.add("night", 3);
  bench.wire.reply = [](const Wire::Sent& sent) {
    if (sent.url != kHook) return answered(404, "nothing at /services/T0/B0/very-secret-of-the-night here");
    return unanswered(Layer::tls, "reset", "while asking " + kHook);
  };
  bench.run(1min);
  REQUIRE(bench.outbox.deliveries.size() > 3);
  for (const auto& delivery : bench.outbox.deliveries) {
    CHECK(delivery.detail.find("very-secret") == std::string::npos);
    CHECK(delivery.detail.find("***") != std::string::npos);
  }
}

TEST_CASE("a Telegram group that moved gets its message at the new address") {
  Bench bench;
  std::vector<std::string> chats;
  auto send = [&](const Request& request, std::function<void(net::HttpExchange)> done) {
    chats.push_back(nlohmann::json::parse(std::get<net::HttpRequest>(request).body)["chat_id"]);
    const bool old = chats.back() == "-5";
    bench.timers.at(bench.timers.now(), [done = std::move(done), old] {
      done(old ? answered(400, R"({"ok":false,"description":"upgraded","parameters":{"migrate_to_chat_id":-1005}})")
               : answered(200, R"({"ok":true,"result":{"message_id":1}})"));
    });
  };
  auto channels = test::open_channels(R"({"ops": {"type": "telegram", "token": "${secret:BOT}", "chat": "-5"}})",
                                      {{"BOT", "1:abcdefgh"}});
  Worker worker{{bench.timers, bench.outbox, send, std::move(channels), Random{7}}};
  bench.outbox.add("ops", 1, "a");
  bench.outbox.add("ops", 1, "b");
  worker.wake();
  bench.timers.run_for(1min);
  // The second message also brings the first one up to date.
  CHECK(chats == Lines{"-5", "-1005", "-1005", "-1005"});
  CHECK(bench.outbox.outcomes(1) == Lines{"retry", "delivered"});
}

TEST_CASE("a test message reports the receiver's own words and leaves the outbox alone") {
  Bench bench;
  std::vector<Reply> replies;
  const auto keep = [&replies](const Reply& reply) { replies.push_back(reply); };
  bench.worker->send_test("ops", test_message({}), keep);
  bench.timers.run_for(1s);
  bench.wire.reply = [](const Wire::Sent&) { return answered(404, "no_service " + kHook); };
  bench.worker->send_test("ops", test_message({}), keep);
  bench.worker->send_test("opps", test_message({}), keep);
  bench.timers.run_for(1s);
  bench.wire.reply = [](const Wire::Sent&) { return answered(410, "\n<html><title>410 Gone</title></html>"); };
  bench.worker->send_test("ops", test_message({}), keep);
  bench.timers.run_for(1s);
  REQUIRE(replies.size() == 4);
  CHECK(replies[3].words == "HTTP 410 with a web page");
  CHECK(replies[0].kind == ReplyKind::delivered);
  CHECK(replies[0].words == "ok");
  CHECK(replies[1].words == "there is no channel \"opps\"");
  CHECK(replies[2].kind == ReplyKind::refused);
  CHECK(replies[2].words == "HTTP 404: no_service ***");
  CHECK(bench.outbox.deliveries.empty());
}

TEST_CASE("no part of a secret is kept wherever what the receiver says is cut") {
  Bench bench;
  std::vector<Reply> replies;
  const auto keep = [&replies](const Reply& reply) { replies.push_back(reply); };
  const std::string path = kHook.substr(kHook.find("/services"));
  for (std::size_t before = 230; before <= 300; ++before) {
    const std::string echo = std::string(before, '.') + path + std::string(300, '.');
    bench.wire.reply = [&echo](const Wire::Sent&) { return answered(404, echo); };
    bench.worker->send_test("ops", test_message({}), keep);
    bench.timers.run_for(1s);
    bench.wire.reply = [&echo](const Wire::Sent&) { return unanswered(Layer::http, "bad_answer", echo); };
    bench.worker->send_test("ops", test_message({}), keep);
    bench.timers.run_for(1s);
  }
  REQUIRE(replies.size() == 142);
  for (const auto& reply : replies) {
    CAPTURE(reply.words);
    CHECK(reply.words.size() <= 300);
    CHECK(reply.words.find("/") == std::string::npos);
  }
}
