// What the documentation says to type, to write and to read is tried as a reader would.
#include "e2e/documentation.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "e2e/stack.hpp"

using namespace outaged;
using namespace outaged::test;
using Json = nlohmann::json;

namespace {

const std::string kCheckout = OUTAGED_SOURCE_DIR;
const std::string kProbe = kCheckout + "/probes/whatsapp/media-round-trip.json";

/// Puts real names in the place of those that mean "yours".
class Reader {
 public:
  Reader(const Stack& stack, std::string csv) : stack_(stack), csv_(std::move(csv)) {}

  std::vector<std::string> typed(std::vector<std::string> all) const {
    const std::string verb = all.size() > 2 ? all[1] + " " + all[2] : all[1];
    for (std::size_t i = 1; i < all.size(); ++i) all[i] = meant(all[i], all[i - 1], verb);
    all.erase(all.begin());
    return all;
  }

 private:
  [[nodiscard]] std::string meant(const std::string& word, const std::string& before, const std::string& verb) const {
    if (word == "FILE" || word == "FILE…") {
      if (before == "--csv") return csv_;
      if (before == "--db") return stack_.database();
      return before == "--config" || verb == "config check" ? stack_.config_file() : kProbe;
    }
    if (word == "ID") return verb == "probe run" ? "whatsapp.media-round-trip" : "1";
    if (word == "12") return "1";
    if (word == "COMPONENT") return "whatsapp/media-upload";
    if (word == "CHANNEL") return "team";
    if (word == "TEXT") return "as the manual says";
    if (before == "--begins") return format_time(wall_clock_now() + std::chrono::days{30});
    if (word == "TIME") return "2030-01-01T00:00:00Z";
    if (word == "detection.KEY=VALUE") return "detection.lone_span=2m";
    if (word == "incidents.KEY=VALUE") return "incidents.relapse_window=2h";
    return word;
  }

  const Stack& stack_;
  std::string csv_;
};

/// While WhatsApp's uploads fail.
std::set<int> right_codes(const std::vector<std::string>& typed) {
  if (typed[0] == "status") return {1, 2};
  if (std::ranges::find(typed, "run") != typed.end()) return {0, 1};
  // All messages were taken, so there is none to try again.
  if (typed.size() == 3 && typed[1] == "retry" && typed[2] != "--all") return {65};
  return {0};
}

std::vector<std::string> names_after(const std::string& command) {
  std::vector<std::string> names;
  for (const auto& [document, text] : commands(command)) {
    auto all = words(text);
    names.insert(names.end(), all.begin() + static_cast<std::ptrdiff_t>(words(command).size()), all.end());
  }
  return names;
}

}  // namespace

TEST_CASE("every outagectl command in the documentation does what it is said to do") {
  // Before there is a second thread: libstdc++ must not compile regular expressions in two at once.
  const auto all = commands("outagectl");
  REQUIRE(all.size() > 40);
  std::vector<std::vector<std::string>> written;
  for (const auto& [document, command] : all) written.push_back(words(command));
  const auto tables = fenced();

  Stack stack;
  stack.configure([](Json& config) { config["public_address"] = "https://status.example"; });
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate(
      "/faults",
      {{{"platform", "whatsapp"}, {"functions", {"media-upload"}}, {"layer", "http_5xx"}, {"shape", "502"}}});
  REQUIRE(stack.eventually([&] { return !stack.incidents().empty(); }));

  const TemporaryDirectory folder;
  const auto csv = std::ranges::find_if(tables, [](const Excerpt& one) { return one.text.starts_with("timestamp,"); });
  REQUIRE(csv != tables.end());
  REQUIRE(write_file_atomically(folder / "results.csv", csv->text + "\n"));

  const Reader reader(stack, folder / "results.csv");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [document, command] = all[i];
    if (command.ends_with(" --watch")) continue;  // never ends
    const auto typed = reader.typed(written[i]);
    const auto outcome =
        run_program(program("outagectl"), typed, std::chrono::seconds{60}, {{"OUTAGED_CONFIG", stack.config_file()}});
    CAPTURE(document);
    CAPTURE(command);
    CAPTURE(outcome.output);
    // Once is enough for the other ways in which that can be typed.
    if (outcome.output.find("acknowledged already") != std::string::npos) continue;
    CHECK(right_codes(typed).contains(outcome.exit_code));
  }
}

TEST_CASE("every piece of configuration in the documentation is accepted") {
  int pieces = 0;
  for (const auto& [document, text] : fenced()) {
    const auto begin = text.find_first_not_of(" \n");
    if (begin == std::string::npos || text[begin] != '"') continue;  // no settings
    ++pieces;
    const TemporaryDirectory folder;
    const auto file = folder / "outaged.json";
    auto config = Json::parse(text_of("config/outaged.json"), nullptr, true, true);
    config["probes"]["paths"] = Json::array({kCheckout + "/probes"});
    for (const char* channel : {"team", "phone", "boss", "admin"})
      config["channels"][channel] = {{"type", "exec"}, {"command", Json::array({"/bin/true"})}};
    const auto piece = Json::parse("{" + text + "}");
    for (const auto& [key, value] : piece.items()) {
      if (value.is_object()) {
        config[key].update(value);
      } else {
        config[key] = value;
      }
    }
    REQUIRE(write_file_atomically(file, config.dump(1)));
    for (const auto& [name, secret] : {std::pair{"outaged_admin", "a-long-word-of-the-owner"},
                                       std::pair{"outaged_slack", "https://hooks.example/services/T0/B0/x"},
                                       std::pair{"outaged_telegram", "123456789:AAabcdefghijklmnopqrstuvwxyz012345"}})
      REQUIRE(write_file_atomically(folder / name, secret));
    const auto outcome = run_program(program("outagectl"), {"config", "check", file}, std::chrono::seconds{60},
                                     {{"CREDENTIALS_DIRECTORY", folder.path()}});
    CAPTURE(document);
    CAPTURE(text);
    CAPTURE(outcome.output);
    CHECK(outcome.exit_code == 0);
  }
  CHECK(pieces >= 5);
}

TEST_CASE("every probe in the documentation is accepted") {
  int probes = 0;
  for (const auto& [document, text] : fenced()) {
    if (text.find("\"steps\"") == std::string::npos) continue;
    ++probes;
    const TemporaryDirectory folder;
    REQUIRE(write_file_atomically(folder / "probe.json", text));
    const auto outcome = run_program(program("outagectl"), {"probe", "check", folder / "probe.json"});
    CAPTURE(document);
    CAPTURE(outcome.output);
    CHECK(outcome.exit_code == 0);
  }
  CHECK(probes >= 1);
}

TEST_CASE("lanes and measurements and presets and scripts of the documentation are there") {
  const auto lanes = text_of("script/test");
  for (const auto& lane : names_after("script/test --lane")) {
    CAPTURE(lane);
    CHECK(lanes.find("\n  " + lane + ")") != std::string::npos);
  }
  const auto measurements = text_of("script/bench");
  for (const auto& name : names_after("script/bench")) {
    CAPTURE(name);
    CHECK(measurements.find(name) != std::string::npos);
  }
  std::set<std::string> presets;
  const auto file = Json::parse(text_of("CMakePresets.json"));
  for (const auto& preset : file["configurePresets"]) presets.insert(preset["name"]);
  for (const char* tool : {"cmake", "ctest"}) {
    for (const auto& [document, command] : commands(tool)) {
      const auto all = words(command);
      const auto flag = std::ranges::find(all, "--preset");
      CAPTURE(command);
      if (flag != all.end()) CHECK(presets.contains(*std::next(flag)));
    }
  }
  for (const auto& [document, text] : code()) {
    if (!text.starts_with("script/")) continue;
    CAPTURE(text);
    CHECK(std::filesystem::exists(kCheckout + "/" + words(text)[0]));
  }
}

TEST_CASE("every link of the documentation leads to something") {
  for (const auto& [document, target] : links()) {
    CAPTURE(document);
    CAPTURE(target);
    CHECK(std::filesystem::exists(std::filesystem::path(kCheckout) / std::filesystem::path(document).parent_path() /
                                  target));
  }
}
