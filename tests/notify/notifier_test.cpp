#include "notify/notifier.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "july_2019.hpp"
#include "loopback_send.hpp"
#include "notify/announcer.hpp"
#include "opened_channel.hpp"
#include "store/reader.hpp"
#include "support/receiver.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::notify;
using namespace std::chrono_literals;
using incident::AnnouncementKind;
using test::Answer;

namespace {

/// A daemon's half that notifies: a real database, a real writer, a real thread, and receivers on loopback.
struct Site {
  explicit Site(std::string first_hook = "ops") : hook(std::move(first_hook)) { open_store(); }

  void open_store() {
    auto opened = store::Writer::open({.path = path}, wall_clock_now);
    REQUIRE(opened.has_value());
    writer = std::move(*opened);
  }

  std::string section() const {
    return R"({"slack": {"type": "slack", "url": "${secret:HOOK}"},
               "phone": {"type": "telegram", "token": "${secret:BOT}", "chat": "77", "base_url": ")" +
           receiver.telegram_url() + "\"}}";
  }
  std::map<std::string, std::string> secrets() const {
    return {{"HOOK", receiver.slack_url(hook)}, {"BOT", test::Receiver::kToken}};
  }

  void start() {
    Notifier::Parts parts{.channels = test::open_channels(section(), secrets()),
                          .database = path,
                          .writer = *writer,
                          .make_send = make_send,
                          // A hundred times as fast, so that pauses of seconds do not hold up the tests.
                          .pace = {.speed = 100, .start = std::nullopt},
                          .random = Random{3}};
    auto started = Notifier::start(std::move(parts));
    REQUIRE(started.has_value());
    notifier = std::move(*started);
  }

  /// What the daemon does with an announcement; returns when it is on disk.
  void announce(const incident::Incident& incident, AnnouncementKind kind) {
    json::Faults faults;
    const auto parsed = json::parse_file_text(section(), "f");
    const auto settings = settings_shape().read(*parsed, json::Cursor{"f", faults});
    store::Batch batch;
    batch.incidents = {incident};
    if (!announcer) announcer.emplace(Routes{}, *settings, "milan");
    batch.outbox = announcer->review(incident, kind, test::july_2019_context(), wall_clock_now());
    writer->submit(std::move(batch), [this] {
      if (notifier) notifier->wake();
    });
    REQUIRE(writer->flush(30s));
  }

  /// Rows of one channel in the order of writing: state and what the receiver said.
  std::vector<std::pair<std::string, std::string>> rows(const std::string& channel) const {
    auto reader = store::Reader::open(path);
    REQUIRE(reader.has_value());
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& entry : reader->outbox_page(1'000'000, 100)) {
      if (entry.channel == channel) out.emplace_back(entry.state, entry.detail);
    }
    std::ranges::reverse(out);
    return out;
  }

  /// Waits until no row is pending any more.
  bool settled() const {
    auto reader = store::Reader::open(path);
    const auto bound = MonotonicClock::now() + 30s;
    while (MonotonicClock::now() < bound) {
      if (reader->pending_outbox().empty()) return true;
      receiver.wait_for(receiver.received().size() + 1, 20ms);
    }
    return false;
  }

  std::vector<std::string> references(const std::string& target) const {
    std::vector<std::string> out;
    for (const auto& one : receiver.received(target)) {
      const auto at = one.body.find("message 12-");
      out.push_back(at == std::string::npos ? "" : one.body.substr(at + 8, one.body.find(' ', at + 8) - at - 8));
    }
    return out;
  }

  test::TemporaryDirectory directory;
  std::string path = directory / "outaged.db";
  test::Receiver receiver;
  std::string hook;
  std::function<Send(boost::asio::io_context&)> make_send = test::loopback_send;
  std::unique_ptr<store::Writer> writer;
  std::unique_ptr<Notifier> notifier;
  std::optional<Announcer> announcer;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the outage of 3 July 2019 reaches Slack and Telegram once when it opens and once when it ends") {
  Site site;
  site.start();
  site.announce(test::july_2019(), AnnouncementKind::opened);
  site.announce(test::july_2019_resolved(), AnnouncementKind::resolved);
  REQUIRE(site.settled());
  CHECK(site.references("/services/") == Lines{"12-opened-1", "12-resolved-3"});
  CHECK(site.references("/sendMessage") == Lines{"12-opened-1", "12-resolved-3"});
  for (const auto& one : site.receiver.received()) CHECK(one.answered == 200);
  for (const auto& [state, detail] : site.rows("slack")) CHECK(state == "delivered");
  CHECK(site.rows("phone").back().second == "ok, message 2");
}

TEST_CASE("the same announcement written twice is sent once") {
  Site site;
  site.announce(test::july_2019(), AnnouncementKind::opened);
  site.announce(test::july_2019(), AnnouncementKind::opened);
  site.start();
  REQUIRE(site.settled());
  CHECK(site.receiver.received().size() == 2);
}

TEST_CASE("rows that are still due after a restart are sent") {
  Site site;
  site.receiver.answer_next("/ops-", std::vector<Answer>(1000, Answer{500, "down", {}}));
  site.start();
  site.announce(test::july_2019(), AnnouncementKind::opened);
  REQUIRE(site.receiver.wait_until(
      [](const auto& all) { return std::ranges::count(all, 500U, &test::Received::answered) >= 2; }));
  site.notifier.reset();
  site.writer.reset();
  CHECK(site.rows("slack").front().first == "pending");
  // After the restart the webhook is another one, which works.
  site.hook = "night";
  site.open_store();
  site.start();
  REQUIRE(site.settled());
  CHECK(site.references("/night-") == Lines{"12-opened-1"});
  CHECK(site.references("/sendMessage") == Lines{"12-opened-1"});
}

TEST_CASE("Slack's 429 with Retry-After delays the message and keeps the order") {
  Site site;
  site.receiver.answer_next("/services/", {{429, "rate_limited", {{"Retry-After", "5"}}}, {500, "", {}}});
  site.start();
  site.announce(test::july_2019(), AnnouncementKind::opened);
  site.announce(test::july_2019_resolved(), AnnouncementKind::resolved);
  REQUIRE(site.settled());
  CHECK(site.references("/services/") == Lines{"12-opened-1", "12-opened-1", "12-opened-1", "12-resolved-3"});
}

TEST_CASE("a receiver that hangs up or never answers gets the message later") {
  Site site;
  site.receiver.answer_next("/services/", {{0, "", {}, Answer::Manner::close}, {0, "", {}, Answer::Manner::close}});
  site.receiver.answer_next("/bot", {{0, "", {}, Answer::Manner::close}});
  site.start();
  site.announce(test::july_2019(), AnnouncementKind::opened);
  REQUIRE(site.settled());
  CHECK(site.receiver.received("/services/").size() == 3);
  CHECK(site.receiver.received("/bot").size() == 2);
}

TEST_CASE("what a receiver refuses is not sent again and its words are kept without the secret") {
  Site site;
  const std::string secret_path = site.receiver.slack_url().substr(site.receiver.slack_url().find("/services"));
  site.receiver.answer_next("/services/", {{404, "no_service at " + secret_path, {}}});
  site.receiver.answer_next("/bot",
                            {{403, R"({"ok":false,"error_code":403,"description":"Forbidden: bot was kicked"})"}});
  site.start();
  site.announce(test::july_2019(), AnnouncementKind::opened);
  REQUIRE(site.settled());
  CHECK(site.receiver.received().size() == 2);
  CHECK(site.rows("slack") ==
        std::vector<std::pair<std::string, std::string>>{{"failed", "HTTP 404: no_service at ***"}});
  CHECK(site.rows("phone") ==
        std::vector<std::pair<std::string, std::string>>{{"failed", "HTTP 403: Forbidden: bot was kicked"}});
}

TEST_CASE("a channel that is down does not delay another") {
  Site site;
  site.receiver.answer_next("/services/", {{0, "", {}, Answer::Manner::stall}});
  site.start();
  site.announce(test::july_2019(), AnnouncementKind::opened);
  site.announce(test::july_2019_resolved(), AnnouncementKind::resolved);
  REQUIRE(site.receiver.wait_until([](const auto& all) {
    return std::ranges::count_if(all, [](const auto& one) { return one.target.starts_with("/bot"); }) == 2;
  }));
  CHECK(site.receiver.received("/services/").size() == 1);
}

TEST_CASE("a test message is answered with the receiver's own words") {
  Site site;
  site.start();
  const auto words_of = [&site](const std::string& channel) {
    std::promise<Reply> reply;
    site.notifier->send_test(channel, test_message(test::july_2019_context()),
                             [&reply](const Reply& got) { reply.set_value(got); });
    return reply.get_future().get();
  };
  CHECK(words_of("slack").words == "ok");
  CHECK(words_of("phone").words == "ok, message 1");
  CHECK(words_of("nobody").words == "there is no channel \"nobody\"");
  CHECK(site.receiver.received().size() == 2);
}

TEST_CASE("a notifier that can neither send nor read its problems at first does both as soon as it can") {
  Site site;
  SQLite::Database other(site.path, SQLite::OPEN_READWRITE, 10'000);
  int beginnings = 0;
  site.make_send = [&](boost::asio::io_context& io) -> Send {
    switch (++beginnings) {
      case 1: throw std::runtime_error("too many open files");
      case 2: other.exec("ALTER TABLE channel_problem RENAME TO lost"); break;
      default: other.exec("ALTER TABLE lost RENAME TO channel_problem");
    }
    return test::loopback_send(io);
  };
  site.start();
  site.announce(test::july_2019(), AnnouncementKind::opened);
  REQUIRE(site.settled());
  CHECK(beginnings == 3);
  CHECK(site.references("/services/") == Lines{"12-opened-1"});
}

TEST_CASE("a test message is answered also while nothing can be sent") {
  Site site;
  site.make_send = [](boost::asio::io_context&) -> Send { throw std::runtime_error("too many open files"); };
  site.start();
  std::promise<Reply> reply;
  site.notifier->send_test("slack", test_message(test::july_2019_context()),
                           [&reply](const Reply& got) { reply.set_value(got); });
  CHECK(reply.get_future().get().kind == ReplyKind::passing);
}

TEST_CASE("a notifier without a database says why it cannot start") {
  Site site;
  Notifier::Parts parts{.channels = {},
                        .database = site.directory / "missing.db",
                        .writer = *site.writer,
                        .make_send = test::loopback_send};
  const auto started = Notifier::start(std::move(parts));
  REQUIRE_FALSE(started.has_value());
  CHECK_FALSE(started.error().empty());
}
