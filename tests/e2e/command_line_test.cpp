// outagectl as a person and as a script use it.
#include <atomic>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <doctest/doctest.h>

#include "base/file.hpp"
#include "e2e/stack.hpp"

using namespace outaged;
using namespace outaged::test;
using Json = nlohmann::json;

namespace {

/// A daemon that lets whoever comes change nothing.
class StrictDaemon {
 public:
  explicit StrictDaemon(const std::string& path) : acceptor_(io_, Protocol::endpoint(path)) {
    thread_ = std::thread([this] {
      while (refuse_next()) continue;
    });
  }
  ~StrictDaemon() {
    leaving_ = true;
    Protocol::socket last(io_);
    last.connect(acceptor_.local_endpoint());
    thread_.join();
  }
  StrictDaemon(const StrictDaemon&) = delete;
  StrictDaemon& operator=(const StrictDaemon&) = delete;

 private:
  using Protocol = boost::asio::local::stream_protocol;

  bool refuse_next() {
    namespace http = boost::beast::http;
    Protocol::socket client(io_);
    acceptor_.accept(client);
    if (leaving_) return false;
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    boost::system::error_code ignored;
    http::read(client, buffer, request, ignored);
    http::response<http::string_body> answer{http::status::forbidden, 11};
    answer.body() = R"({"title": "Not allowed"})";
    answer.prepare_payload();
    http::write(client, answer, ignored);
    return true;
  }

  boost::asio::io_context io_;
  Protocol::acceptor acceptor_;
  std::atomic<bool> leaving_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("status of a healthy site exits with 0 and shows the matrix") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  const auto outcome = stack.ctl({"status"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.output.find("OPERATIONAL") != std::string::npos);
  CHECK(outcome.output.find("own network: fine (8 of 8 control probes answer)") != std::string::npos);
  CHECK(outcome.output.find('\x1b') == std::string::npos);

  const auto one = stack.ctl({"status", "whatsapp/media-upload", "--json"});
  CHECK(one.exit_code == 0);
  CHECK(Json::parse(one.output)["components"].size() == 1);
}

TEST_CASE("a probe runs on demand in the daemon and without it and shows every step") {
  Stack stack;
  stack.start_daemon();
  const auto in_daemon = stack.ctl({"probe", "run", "whatsapp.media-round-trip", "--json"});
  REQUIRE(in_daemon.exit_code == 0);
  const auto result = Json::parse(in_daemon.output);
  CHECK(result["class"] == "success");
  CHECK(result["trigger"] == "manual");
  REQUIRE(result["steps"].size() == 4);
  CHECK(result["steps"][0]["phases_ms"]["tls"].get<double>() > 0);

  CHECK(stack.stop_daemon() == 0);
  CHECK(stack.ctl({"probe", "run", "whatsapp.media-round-trip"}).exit_code == 0);
  CHECK(stack.ctl({"probe", "run", OUTAGED_SOURCE_DIR "/probes/facebook/feed-load-page.json"}).exit_code == 0);
  CHECK(stack.ctl({"probe", "run", "no.such.probe"}).exit_code == 65);
}

TEST_CASE("probes and incidents are listed from the database when no daemon runs and that is said") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  CHECK(stack.stop_daemon() == 0);
  const auto probes = stack.ctl({"probes", "--json"});
  CHECK(probes.exit_code == 0);
  const auto first_line = probes.output.find('\n');
  CHECK(probes.output.substr(0, first_line).ends_with("this was read from " + stack.database()));
  CHECK(Json::parse(probes.output.substr(first_line))["probes"].size() == 50);
  CHECK(stack.ctl({"incidents"}).output.ends_with(stack.database() + "\nno incidents\n"));
  CHECK(stack.ctl({"status"}).exit_code == 3);
}

TEST_CASE("without daemon and database the commands say so") {
  const TemporaryDirectory directory;
  const auto nowhere = directory / "outaged.db";
  const auto status = run_program(program("outagectl"), {"--db", nowhere, "status"});
  CHECK(status.exit_code == 3);
  CHECK(status.output.find("There is no database at") != std::string::npos);
  CHECK(run_program(program("outagectl"), {"--db", nowhere, "incidents"}).exit_code == 69);
}

TEST_CASE("wrong usage exits with 64 and wrong data with 65 and wrong configuration with 78") {
  const TemporaryDirectory directory;
  const auto probe = directory / "probe.json";
  REQUIRE(write_file_atomically(probe, R"({"id": "x", "component": "x", "title": "t", "steps": [{"htp": {}}]})"));
  CHECK(run_program(program("outagectl"), {"frobnicate"}).exit_code == 64);
  CHECK(run_program(program("outagectl"), {"status", "not a component"}).exit_code == 64);
  const auto checked = run_program(program("outagectl"), {"probe", "check", probe});
  CHECK(checked.exit_code == 65);
  CHECK(checked.output.find("/component: found text \"x\"") != std::string::npos);
  CHECK(checked.output.find("did you mean \"http\"?") != std::string::npos);
  CHECK(run_program(program("outagectl"), {"config", "check", probe}).exit_code == 78);
}

TEST_CASE("what is not there to be tested or tried again is wrong data and a test that was not taken is a failure") {
  Stack stack;
  stack.configure([](Json& config) {
    config["channels"]["broken"] = {{"type", "exec"}, {"command", Json::array({"/bin/sh", "-c", "exit 65"})}};
  });
  stack.start_daemon();
  CHECK(stack.ctl({"notify", "test", "team"}).exit_code == 0);
  CHECK(stack.ctl({"notify", "test", "team", "--json"}).exit_code == 0);
  CHECK(stack.ctl({"notify", "test", "broken"}).exit_code == 1);
  CHECK(stack.ctl({"notify", "test", "broken", "--json"}).exit_code == 1);
  CHECK(stack.ctl({"notify", "test", "nobody"}).exit_code == 65);
  CHECK(stack.ctl({"notify", "test", "nobody", "--json"}).exit_code == 65);
  CHECK(stack.ctl({"notify", "retry", "999999"}).exit_code == 65);
  CHECK(stack.ctl({"notify", "retry", "--all"}).exit_code == 0);
  CHECK(stack.ctl({"silence", "add", "whatsapp/*", "--for", "soon"}).exit_code == 65);
}

TEST_CASE("a name that means nothing is answered with one that does") {
  Stack stack;
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  const auto said = [&stack](const std::vector<std::string>& arguments, int exit_code, const std::string& words) {
    const auto outcome = stack.ctl(arguments);
    CAPTURE(outcome.output);
    CHECK(outcome.exit_code == exit_code);
    CHECK(outcome.output.find(words) != std::string::npos);
    return outcome.output;
  };
  said({"probe", "run", "whatsapp.message-numbr"}, 65,
       "there is no probe whatsapp.message-numbr (did you mean \"whatsapp.message-number\"?)");
  said({"probe", "run", "whatsapp/message"}, 65, "whatsapp/message is a component; what watches it is ");
  said({"probe", "run", "no/such.json"}, 65, "there is no file no/such.json");
  CHECK(said({"status", "whatsapp/wbe"}, 3, "did you mean \"whatsapp/web\"?").find("own network") == std::string::npos);
  said({"silence", "add", "whatsap/*", "--for", "2h"}, 65, "matches nothing that is watched now");
  said({"silence", "add", "whatsap/*", "--for", "2h"}, 65, "did you mean \"whatsapp/*\"?");
  said({"silence", "add", "whatsap/*", "--for", "2h", "--force"}, 0, "Silence 1");
}

TEST_CASE("whoever may not change anything learns it from one exit code whatever they wanted") {
  const TemporaryDirectory directory;
  const StrictDaemon daemon(directory / "outaged.sock");
  const std::vector<std::vector<std::string>> wishes = {
      {"incident", "ack", "1"}, {"probe", "run", "whatsapp.message"}, {"silence", "add", "whatsapp/*", "--for", "2h"},
      {"silence", "end", "1"},  {"notify", "test", "team"},           {"notify", "retry", "--all"}};
  for (const auto& wish : wishes) {
    std::vector<std::string> arguments{"--socket", directory / "outaged.sock", "--db", directory / "outaged.db"};
    arguments.insert(arguments.end(), wish.begin(), wish.end());
    const auto outcome = run_program(program("outagectl"), arguments);
    CAPTURE(outcome.output);
    CHECK(outcome.exit_code == 77);
  }
}
