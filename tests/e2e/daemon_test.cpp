// The daemon as a program: what it refuses, how it starts, reloads and ends.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include "base/file.hpp"
#include "e2e/stack.hpp"
#include "store/database.hpp"
#include "store/reader.hpp"

using namespace outaged;
using namespace outaged::test;
using Json = nlohmann::json;

namespace {

std::size_t occurrences(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

/// A port on loopback where somebody else listens.
class TakenPort {
 public:
  TakenPort() { listener_.non_blocking(true); }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(listener_.local_endpoint().port()); }
  /// Whether a client has come since the last time.
  bool visited() {
    boost::system::error_code nobody_yet;
    listener_.accept(visitor_, nobody_yet);
    return !nobody_yet;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor listener_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  boost::asio::ip::tcp::socket visitor_{io_};
};

Outcome check(const TemporaryDirectory& directory, const std::string& text) {
  const auto file = directory / "outaged.json";
  REQUIRE(write_file_atomically(file, text));
  return run_program(program("outaged"), {"--config", file, "--check"});
}

}  // namespace

TEST_CASE("the shipped configuration is right and runs the public probes without any account") {
  const auto outcome =
      run_program(program("outaged"), {"--config", OUTAGED_SOURCE_DIR "/config/outaged.json", "--check"});
  CHECK(outcome.exit_code == 0);
  // One asks the gateway of this machine, if it has one.
  const auto with = [&](int active) {
    return outcome.output.find(fmt::format("right (50 probes, {} of them active)", active)) != std::string::npos;
  };
  CHECK((with(36) || with(37)));
}

TEST_CASE("a faulty configuration is refused with every fault and where it is") {
  const TemporaryDirectory directory;
  const auto outcome =
      check(directory, R"({"sote": "x", "network": {"concurrency": "many"}, "serve": {"listen": "everywhere"}})");
  CHECK(outcome.exit_code == 78);
  CHECK(outcome.output.find("/sote: found the unknown key \"sote\"") != std::string::npos);
  CHECK(outcome.output.find("did you mean \"site\"?") != std::string::npos);
  CHECK(outcome.output.find("/network/concurrency: found text \"many\"") != std::string::npos);
  CHECK(outcome.output.find("/serve/listen: found text \"everywhere\"") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(directory / "outaged.db"));
}

TEST_CASE("malformed and unreadable and contradictory configurations are refused") {
  const TemporaryDirectory directory;
  CHECK(check(directory, "{\"site\": }").output.find("a syntax error at line 1, column 10") != std::string::npos);
  CHECK(check(directory, R"({"site": "a", "site": "b"})").output.find("the key \"site\" twice") != std::string::npos);
  CHECK(check(directory, R"({"secrets": {"x": {"env": "A", "file": "b"}}})").exit_code == 78);
  CHECK(run_program(program("outaged"), {"--config", directory / "none.json"}).exit_code == 78);
  CHECK(run_program(program("outaged"), {"--nonsense"}).exit_code == 64);
}

TEST_CASE("a database of another program or a newer or a damaged one is refused and left as it is") {
  const TemporaryDirectory directory;
  const auto database = directory / "outaged.db";
  const auto config = directory / "outaged.json";
  REQUIRE(write_file_atomically(config, R"({"store": {"path": "outaged.db"}, "serve": {"listen": ""}})"));
  std::string told = "damaged or not a database";
  SUBCASE("a text") {
    REQUIRE(write_file_atomically(database, "this is a diary, not a database"));
  }
  SUBCASE("one byte") {
    REQUIRE(write_file_atomically(database, "x"));
  }
  SUBCASE("of another program") {
    SQLite::Database(database, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE recipe (name TEXT)");
    told = "is a database of another program";
  }
  SUBCASE("a newer one") {
    REQUIRE(store::open_for_writing(database).has_value());
    SQLite::Database(database, SQLite::OPEN_READWRITE).exec("PRAGMA user_version=999");
    told = "newer outaged (schema 999";
  }
  SUBCASE("a version without tables") {
    SQLite::Database(database, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("PRAGMA user_version=5");
  }
  SUBCASE("one with pages overwritten") {
    REQUIRE(store::open_for_writing(database).has_value());
    std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 4096);
    file << std::string(4 * 4096, '\x5A');
  }
  const auto content = read_file(database, Bytes{1 << 20}).value();
  const auto outcome = run_program(program("outaged"), {"--config", config});
  CHECK(outcome.exit_code == 78);
  CHECK_MESSAGE(outcome.output.find(told) != std::string::npos, outcome.output);
  CHECK(outcome.output.find("Nothing was changed") != std::string::npos);
  CHECK(read_file(database, Bytes{1 << 20}).value() == content);
}

TEST_CASE("the daemon ends cleanly on SIGTERM and removes its socket") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.eventually([&] { return stack.daemon().log().find("ready") != std::string::npos; }));
  CHECK(stack.stop_daemon() == 0);
  CHECK_FALSE(std::filesystem::exists(std::filesystem::path(stack.database()).parent_path() / "outaged.sock"));
}

TEST_CASE("the daemon ends cleanly although a run that somebody asked for never ends") {
  TakenPort silent;
  Stack stack(1);
  const auto folder = std::filesystem::path(stack.config_file()).parent_path();
  const Json step = {{"http", {{"url", "http://" + silent.address() + "/"}}}};
  const Json probe = {{"id", "own.silent"}, {"component", "own/web"}, {"title", "Takes the request, says nothing"},
                      {"interval", "10h"},  {"timeout", "5m"},        {"steps", {step}}};
  REQUIRE(write_file_atomically((folder / "silent.json").string(), probe.dump()));
  stack.configure([&](Json& config) { config["probes"]["paths"].push_back((folder / "silent.json").string()); });
  stack.start_daemon();
  Process asker(program("outagectl"), {"--config", stack.config_file(), "probe", "run", "own.silent"},
                (folder / "asker.log").string());
  REQUIRE(stack.eventually([&] { return silent.visited(); }));
  const auto exit_code = stack.stop_daemon();
  CHECK_MESSAGE(exit_code == 0, stack.log());
  CHECK(stack.log().find("stopping with probes under way") != std::string::npos);
  CHECK(asker.wait(std::chrono::seconds{30}).has_value());
}

TEST_CASE("a budget that is used up is said, holds after a kill, and does not silence the control probes") {
  Stack stack;
  stack.configure([](Json& config) { config["network"]["budgets"]["whatsapp"] = {{"requests", 20}}; });
  stack.start_daemon();
  REQUIRE(stack.eventually(
      [&] { return stack.ctl({"probes"}).output.find("budget used up until ") != std::string::npos; }));
  CHECK(stack.log().find("budget used up") != std::string::npos);

  stack.kill_daemon();
  const auto last_asked = [&](const std::string& platform) {
    std::set<std::string> times;
    // Without a daemon a line says so first.
    const auto output = stack.ctl({"probes", "--json"}).output;
    const auto document = Json::parse(output.substr(std::min(output.find('{'), output.size())), nullptr, false);
    for (const auto& probe : document.is_object() ? document["probes"] : Json::array()) {
      if (probe.value("component", "").starts_with(platform + "/"))
        times.insert(probe.value("last", Json::object()).value("at", ""));
    }
    return times;
  };
  std::map<std::string, std::set<std::string>> before;
  for (const char* platform : {"control", "facebook", "instagram", "whatsapp"}) before[platform] = last_asked(platform);
  stack.start_daemon();
  REQUIRE(stack.eventually([&] {
    return std::ranges::all_of(before, [&](const auto& entry) {
      return entry.first == "whatsapp" || last_asked(entry.first) != entry.second;
    });
  }));
  CHECK(last_asked("whatsapp") == before["whatsapp"]);
}

TEST_CASE("two daemons on one database are refused") {
  Stack stack;
  stack.start_daemon();
  const auto second = run_program(program("outaged"), {"--config", stack.config_file()});
  CHECK(second.exit_code == 69);
  CHECK(second.output.find("Another outaged is writing") != std::string::npos);
}

TEST_CASE("a port that is in use is no fault of the configuration") {
  const TemporaryDirectory directory;
  const TakenPort port;
  const Json config = {{"store", {{"path", directory / "outaged.db"}}},
                       {"probes", {{"paths", Json::array()}}},
                       {"serve", {{"listen", port.address()}, {"socket", directory / "outaged.sock"}}}};
  REQUIRE(write_file_atomically(directory / "outaged.json", config.dump()));
  const auto outcome = run_program(program("outaged"), {"--config", directory / "outaged.json"});
  CHECK(outcome.exit_code == 69);
  CHECK(outcome.output.find("cannot listen on " + port.address()) != std::string::npos);
}

TEST_CASE("what ran before runs again when the new configuration cannot start") {
  Stack stack;
  stack.start_daemon();
  const TakenPort port;
  stack.configure([&](Json& config) {
    config["site"] = "another place";
    config["serve"]["listen"] = port.address();
  });
  stack.daemon().signal(SIGHUP);
  REQUIRE(stack.eventually([&] { return occurrences(stack.log(), " ready ") == 2; }));
  CHECK(stack.log().find("the one before is started again reason=\"cannot listen on") != std::string::npos);
  CHECK(stack.status()["daemon"]["running"] == true);
  CHECK(stack.status()["site"]["name"] != "another place");
  CHECK(stack.stop_daemon() == 0);
}

TEST_CASE("SIGHUP takes a right configuration and refuses a faulty one while the running one stays") {
  Stack stack;
  stack.start_daemon();
  const auto good = read_file(stack.config_file(), Bytes{1 << 20}).value();
  REQUIRE(write_file_atomically(stack.config_file(), "{\"nonsense\": 1}"));
  stack.daemon().signal(SIGHUP);
  REQUIRE(
      stack.eventually([&] { return stack.daemon().log().find("new configuration refused") != std::string::npos; }));
  CHECK(stack.daemon().running());

  REQUIRE(write_file_atomically(stack.config_file(), good));
  stack.configure([](Json& config) { config["site"] = "another place"; });
  stack.daemon().signal(SIGHUP);
  REQUIRE(stack.eventually(
      [&] { return stack.status().value("site", Json::object()).value("name", "") == "another place"; }));
  CHECK(stack.eventually([&] { return occurrences(stack.daemon().log(), " ready ") == 2; }));
}

TEST_CASE("no secret is in the log or the database or an answer") {
  Stack stack;
  stack.start_daemon();
  stack.simulate("/tokens/whatsapp", {{"state", "expired"}});
  REQUIRE(stack.eventually([&] { return !stack.status()["problems"].empty(); }));
  const auto answer = stack.ctl({"status", "--json"}).output + stack.ctl({"config", "show"}).output +
                      stack.ctl({"probe", "run", "whatsapp.media-round-trip", "--json"}).output;
  const auto log = stack.daemon().log();
  CHECK(stack.stop_daemon() == 0);
  const auto database = read_file(stack.database(), Bytes{64 << 20}).value();
  const auto folder = std::filesystem::path(stack.config_file()).parent_path();
  for (const auto* name : {"sim/whatsapp_token", "sim/facebook_page_token", "slack", "telegram"}) {
    const auto secret = read_file((folder / name).string(), Bytes{4096}).value();
    CAPTURE(name);
    CHECK(answer.find(secret) == std::string::npos);
    CHECK(log.find(secret) == std::string::npos);
    CHECK(database.find(secret) == std::string::npos);
  }
}

TEST_CASE("the IP version of the configuration is that of every step that does not say its own") {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor six(io);
  boost::system::error_code none;
  six.open(boost::asio::ip::tcp::v6(), none);
  if (!none) six.bind({boost::asio::ip::address_v6::loopback(), 0}, none);
  if (none) {
    MESSAGE("this machine has no IPv6");
    return;
  }
  Stack stack;
  stack.configure([](Json& config) { config["network"]["ip"] = "6"; });
  stack.start_daemon();
  // By HTTP, by TLS and by TCP.
  for (const std::string probe : {"facebook.web-public", "facebook.edge", "whatsapp.message-public"}) {
    CAPTURE(probe);
    std::vector<Result> results;
    REQUIRE(stack.eventually([&] {
      auto reader = store::Reader::open(stack.database());
      if (reader) results = reader->results({probe}, 1);
      return !results.empty();
    }));
    CHECK(results[0].result_class == ResultClass::success);
    CHECK(results[0].steps[0].address == "::1");
  }
}
