// The reason why outaged exists, from the network to the message: 3 July 2019, and what must not be taken for it.
#include <algorithm>
#include <set>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>
#include <doctest/doctest.h>

#include "e2e/stack.hpp"
#include "store/reader.hpp"

using namespace outaged::test;
using Json = nlohmann::json;

namespace {

constexpr int kBusyMilliseconds = 10'000;

/// The media tier fails as on 3 July 2019: gateways answer in place of the servers, for most requests.
Json july_2019() {
  const auto fault = [](const char* platform, std::vector<std::string> functions) {
    return Json{{"platform", platform}, {"functions", functions}, {"layer", "http_5xx"}, {"share", 0.8}};
  };
  return {fault("whatsapp", {"media-upload", "media-download"}),
          fault("instagram", {"media-upload", "media-download", "feed-load"}),
          fault("facebook", {"media-upload", "media-download", "feed-load"})};
}

const std::set<std::string> kHit = {"facebook/feed-load",    "facebook/media-download",  "facebook/media-upload",
                                    "instagram/feed-load",   "instagram/media-download", "instagram/media-upload",
                                    "whatsapp/media-upload", "whatsapp/media-download"};

std::set<std::string> components_of(const Json& incident) {
  std::set<std::string> ids;
  for (const auto& component : incident["components"]) ids.insert(component["id"]);
  return ids;
}

std::size_t count_containing(const std::vector<Received>& messages, const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      messages, [&](const Received& message) { return message.body.find(text) != std::string::npos; }));
}

/// Where Slack's messages and Telegram's go; Telegram's first message is also edited.
const std::vector<std::string> kNewMessages = {"/services/", "/sendMessage"};

/// Waits until both channels have had a new message with `text`; says what they had when they do not.
bool both_are_told(Stack& stack, const std::string& text) {
  const bool told = stack.receiver().wait_until([&](const std::vector<Received>& all) {
    return std::ranges::all_of(kNewMessages, [&](const std::string& target) {
      return std::ranges::any_of(all, [&](const Received& message) {
        return message.target.find(target) != std::string::npos && message.body.find(text) != std::string::npos;
      });
    });
  });
  if (!told) {
    for (const auto& message : stack.receiver().received()) MESSAGE(message.target, " ", message.body);
    MESSAGE(stack.log());
  }
  return told;
}

bool is_resolved(const Stack& stack) {
  const auto incidents = stack.incidents();
  return !incidents.empty() && incidents[0]["state"] == "resolved";
}

}  // namespace

TEST_CASE("the media outage of July 2019 is one incident with one opening and one closing message per channel") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());

  CHECK(stack.ctl({"user-report", "whatsapp/media-upload", "--text", "Photos hang"}).exit_code == 0);
  stack.simulate("/faults", july_2019());
  REQUIRE(stack.eventually([&] {
    const auto incidents = stack.incidents();
    return incidents.size() == 1 && components_of(incidents[0]) == kHit;
  }));
  const auto incident = stack.incidents()[0];
  CHECK(std::ranges::count_if(incident["timeline"], [](const Json& entry) {
          const auto text = entry.value("text", "");
          return text.starts_with("1 user report since ") &&
                 text.ends_with(" UTC, before it was detected: Media upload on WhatsApp. “Photos hang”");
        }) == 1);
  CHECK((incident["layer"] == "http" || incident["layer"] == "timeout"));
  CHECK(incident["shared_cause"] == true);
  CHECK(stack.state_of("whatsapp/message") == "operational");
  CHECK(stack.state_of("facebook/login") == "operational");
  CHECK(stack.ctl({"status"}).exit_code == 2);

  stack.simulate("/faults", Json::array());
  REQUIRE(stack.eventually([&] { return is_resolved(stack); }));
  CHECK(stack.incidents().size() == 1);
  const auto after = stack.ctl({"status"});
  CAPTURE(after.output);
  CHECK(after.exit_code == 0);
  REQUIRE(both_are_told(stack, "1-resolved"));
  for (const auto& channel : kNewMessages) {
    CAPTURE(channel);
    const auto messages = stack.receiver().received(channel);
    CAPTURE(messages.back().body);
    CHECK(count_containing(messages, "1-opened") == 1);
    CHECK(count_containing(messages, "1-resolved") == 1);
    CHECK(messages.front().body.find("1-opened") != std::string::npos);
    CHECK(messages.back().body.find("1-resolved") != std::string::npos);
    CHECK(std::ranges::all_of(messages, [](const Received& message) { return message.answered == 200; }));
  }
}

TEST_CASE("the loss of our own network is unknown and never an outage even when the platforms fail with it") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/control-hosts", {{"cut", true}});
  stack.simulate("/faults", july_2019());
  REQUIRE(
      stack.eventually([&] { return stack.status().value("site", Json::object()).value("network", "") == "offline"; }));
  CHECK(stack.state_of("whatsapp/media-upload") == "unknown");
  CHECK(stack.ctl({"status"}).exit_code == 3);

  stack.simulate("/faults", Json::array());
  stack.simulate("/control-hosts", {{"cut", false}});
  REQUIRE(stack.becomes_healthy());
  CHECK(stack.status()["site"]["network"] == "online");
  CAPTURE(stack.incidents().dump());
  CHECK(stack.incidents().empty());
  CHECK(stack.receiver().received().empty());
}

TEST_CASE("the notice that our own network was down says what our gateway did, also after a crash meanwhile") {
  Stack stack;
  stack.configure([](Json& config) { config["routes"] = {{{"channels", {"team"}}, {"about", {"site"}}}}; });
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  const auto offline = [&] { return stack.status().value("site", Json::object()).value("network", "") == "offline"; };
  for (const bool crash : {false, true}) {
    CAPTURE(crash);
    const auto told = stack.receiver().received().size();
    stack.simulate("/control-hosts", {{"cut", true}, {"platforms", true}, {"dns", true}});
    REQUIRE(stack.eventually(offline));
    if (crash) {
      // Its time has run ahead, and goes on where it was.
      const auto now = stack.status()["at"];
      stack.kill_daemon();
      stack.configure([&](Json& config) { config["clock"]["start"] = now; });
      stack.start_daemon();
    }
    stack.simulate("/control-hosts", {{"cut", false}});
    REQUIRE(stack.receiver().wait_until([&](const auto& all) { return all.size() > told; }));
    const auto notice = stack.receiver().received().back().body;
    CHECK_MESSAGE(notice.find("Our own network was down") != std::string::npos, notice);
    // The simulator refuses, as many gateways do, and a refusal is an answer.
    CHECK_MESSAGE(notice.find("Our gateway answered meanwhile") != std::string::npos, notice);
  }
}

TEST_CASE("a daemon that cannot read what detection remembered does not believe that our own network is still lost") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/control-hosts", {{"cut", true}});
  const auto network = [&] { return stack.status().value("site", Json::object()).value("network", ""); };
  REQUIRE(stack.eventually([&] { return network() == "offline"; }));
  // Its time has run ahead, and goes on where it was.
  const auto now = stack.status()["at"];
  stack.kill_daemon();
  stack.configure([&](Json& config) { config["clock"]["start"] = now; });
  {
    SQLite::Database database(stack.database(), SQLite::OPEN_READWRITE);
    REQUIRE(database.exec("UPDATE detector_state SET content = '{}' WHERE name = 'detector'") == 1);
  }
  stack.simulate("/control-hosts", {{"cut", false}});
  stack.start_daemon();
  CHECK(stack.eventually([&] { return network() == "online"; }));
}

TEST_CASE("an expired token is a probe problem and never an outage") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/tokens/whatsapp", {{"state", "expired"}});
  REQUIRE(stack.eventually([&] {
    const auto problems = stack.status()["problems"];
    return std::ranges::any_of(problems, [](const Json& problem) {
      return problem["probe"] == "whatsapp.media-round-trip" && problem["kind"] == "credentials";
    });
  }));
  CHECK(stack.state_of("whatsapp/media-upload") == "operational");
  CHECK(stack.incidents().empty());

  stack.simulate("/tokens/whatsapp", {{"state", "valid"}});
  REQUIRE(stack.eventually([&] { return stack.status()["problems"].empty(); }));
  CHECK(stack.receiver().received().empty());
}

TEST_CASE("an expired token is told once, with all the probes that sign in with it") {
  Stack stack;
  stack.configure([](Json& config) { config["routes"] = {{{"channels", {"team"}}, {"about", {"probe problems"}}}}; });
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/tokens/instagram", {{"state", "expired"}});
  const auto refused = [&] {
    const auto problems = stack.status()["problems"];
    return std::ranges::count_if(problems, [](const Json& problem) { return problem["kind"] == "credentials"; });
  };
  REQUIRE(stack.eventually([&] { return refused() >= 3; }));
  REQUIRE(stack.eventually([&] {
    auto reader = outaged::store::Reader::open(stack.database());
    return reader && reader->pending_outbox().empty();
  }));
  const auto told = stack.receiver().received();
  REQUIRE(told.size() == 1);
  stack.simulate("/tokens/instagram", {{"state", "valid"}});
  REQUIRE(stack.eventually([&] { return stack.status()["problems"].empty(); }));
  stack.simulate("/tokens/instagram", {{"state", "expired"}});
  CHECK(stack.receiver().wait_until([](const auto& all) { return all.size() == 2; }));
  CHECK_MESSAGE(told[0].body.find("The same credential is used by instagram.") != std::string::npos, told[0].body);
}

TEST_CASE("a daemon that is killed in the middle of an incident goes on with it and repeats nothing") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/faults",
                 {{{"platform", "instagram"}, {"functions", {"media-upload"}}, {"layer", "api"}, {"share", 1.0}}});
  REQUIRE(both_are_told(stack, "1-opened"));
  // A message that was sent and not yet written down as sent would rightly be repeated.
  REQUIRE(stack.eventually([&] {
    auto reader = outaged::store::Reader::open(stack.database());
    return reader && reader->pending_outbox().empty();
  }));

  stack.kill_daemon();
  const auto offline = stack.ctl({"status"});
  CHECK(offline.exit_code == 3);
  CHECK(offline.output.find("The daemon is not running") != std::string::npos);
  CHECK(offline.output.find("incident #1") != std::string::npos);

  stack.start_daemon();
  stack.simulate("/faults", Json::array());
  REQUIRE(stack.eventually([&] { return is_resolved(stack); }));
  REQUIRE(both_are_told(stack, "1-resolved"));
  CHECK(stack.incidents().size() == 1);
  CHECK(count_containing(stack.receiver().received("/services/"), "1-opened") == 1);
  CHECK(count_containing(stack.receiver().received("/sendMessage"), "1-opened") == 1);
}

TEST_CASE("the log says that an incident is announced once its messages are in the database and not before") {
  Stack stack;
  stack.configure([](Json& config) { config["incidents"]["hold"] = "0s"; });
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  const auto logged = [&stack](const std::string& text) { return stack.log().find(text); };
  {
    SQLite::Database other(stack.database(), SQLite::OPEN_READWRITE, kBusyMilliseconds);
    const SQLite::Transaction lock(other, SQLite::TransactionBehavior::IMMEDIATE);
    stack.simulate("/faults",
                   {{{"platform", "instagram"}, {"functions", {"media-upload"}}, {"layer", "api"}, {"share", 1.0}}});
    REQUIRE(stack.eventually([&] { return logged("instagram/media-upload") != std::string::npos; }));
    REQUIRE(stack.eventually([&] { return logged("database not written") != std::string::npos; }));
  }
  REQUIRE(stack.eventually([&] { return logged("announced") != std::string::npos; }));
  CHECK_MESSAGE(logged("database written again") < logged("announced"), stack.log());
}
