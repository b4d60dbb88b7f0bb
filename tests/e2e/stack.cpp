#include "e2e/stack.hpp"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>
#include <signal.h>

#include "base/file.hpp"
#include "support/http_client.hpp"

namespace outaged::test {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kPatience = 120s;

void write_json(const std::string& path, const Json& value) {
  if (!write_file_atomically(path, value.dump(2))) throw std::runtime_error("cannot write " + path);
}

Json read_json(const std::string& path) {
  const auto text = read_file(path, Bytes{1 << 20});
  if (!text) throw std::runtime_error(path + " " + text.error());
  return Json::parse(*text);
}

}  // namespace

std::string program(const std::string& name) {
  return std::string{OUTAGED_BUILD_DIR} + "/bin/" + name;
}

Stack::Stack(double speed) {
  std::filesystem::create_directories(directory_ / "sim");
  std::filesystem::create_directories(directory_ / "data");
  const std::string ready = directory_ / "sim/ready.json";
  simulator_ = std::make_unique<Process>(
      program("outagesim"),
      std::vector<std::string>{"--dir", directory_ / "sim", "--seed", "7", "--speed", std::to_string(speed), "--probes",
                               OUTAGED_SOURCE_DIR "/probes", "--data", directory_ / "data", "--write-config",
                               config_file()},
      directory_ / "sim.log");
  const bool up = simulator_->wait_until(
      [&] { return std::filesystem::exists(ready) && std::filesystem::exists(config_file()); }, 30s);
  if (!up) throw std::runtime_error("the simulator did not start: " + simulator_->log());
  control_ = read_json(ready)["control"];

  if (!write_file_atomically(directory_ / "slack", receiver_.slack_url()) ||
      !write_file_atomically(directory_ / "telegram", Receiver::kToken))
    throw std::runtime_error("cannot write secrets");
  configure([&](Json& config) {
    config["clock"] = {{"speed", speed}};
    config["serve"]["listen"] = "127.0.0.1:0";
    config["secrets"]["slack_webhook"] = {{"file", directory_ / "slack"}};
    config["secrets"]["telegram_token"] = {{"file", directory_ / "telegram"}};
    config["channels"]["team"] = {{"type", "slack"}, {"url", "${secret:slack_webhook}"}};
    config["channels"]["phone"] = {{"type", "telegram"},
                                   {"token", "${secret:telegram_token}"},
                                   {"chat", "-1001234567890"},
                                   {"base_url", receiver_.telegram_url()}};
  });
}

Stack::~Stack() = default;

void Stack::configure(const std::function<void(Json&)>& change) {
  auto config = read_json(config_file());
  change(config);
  write_json(config_file(), config);
}

void Stack::start_daemon() {
  daemon_ = std::make_unique<Process>(program("outaged"), std::vector<std::string>{"--config", config_file()},
                                      directory_ / "outaged.log");
  const bool up = daemon_->wait_until(
      [&] {
        return ctl({"status", "--json"}).output.find("\"running\": true") != std::string::npos;
      },
      30s);
  if (!up) MESSAGE("the daemon did not start: ", daemon_->log());
  REQUIRE(up);
}

void Stack::kill_daemon() {
  daemon_->signal(SIGKILL);
  REQUIRE(daemon_->wait(10s).has_value());
}

int Stack::stop_daemon() {
  daemon_->signal(SIGTERM);
  return daemon_->wait(30s).value_or(-1);
}

void Stack::simulate(const std::string& path, const Json& what) const {
  const auto reply = http_request("PUT", control_ + path, what.dump());
  CAPTURE(reply.body);
  REQUIRE(reply.status == 200);
}

int Stack::stored(const std::string& kind) const {
  const auto state = Json::parse(http_request("GET", control_ + "/state").body);
  return state.at("stored").at(kind).get<int>();
}

Outcome Stack::ctl(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{"--config", config_file()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_program(program("outagectl"), all);
}

Json Stack::status() const {
  const auto outcome = ctl({"status", "--json"});
  // A message to a person may follow the document.
  const auto end = outcome.output.rfind("\n}");
  auto document = Json::parse(outcome.output.substr(0, end == std::string::npos ? end : end + 2), nullptr, false);
  return document.is_discarded() ? Json::object() : document;
}

Json Stack::incidents() const {
  auto document = Json::parse(ctl({"incidents", "--json"}).output, nullptr, false);
  return document.is_discarded() ? Json::array() : document.value("incidents", Json::array());
}

std::string Stack::state_of(const std::string& component) const {
  const auto document = status();
  for (const auto& entry : document.value("components", Json::array())) {
    if (entry.value("id", "") == component) return entry.value("state", "");
  }
  return {};
}

bool Stack::eventually(const std::function<bool()>& condition) {
  const bool holds = daemon_->wait_until(condition, kPatience);
  if (!holds) {
    MESSAGE(ctl({"status"}).output);
    MESSAGE(daemon_->log());
  }
  return holds;
}

bool Stack::becomes_healthy() {
  return eventually([&] {
    const auto document = status();
    const auto components = document.value("components", Json::array());
    return !components.empty() && std::ranges::all_of(components, [](const Json& component) {
      return component.value("state", "") == "operational";
    });
  });
}

}  // namespace outaged::test
