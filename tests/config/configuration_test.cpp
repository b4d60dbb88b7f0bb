#include "config/configuration.hpp"

#include <cstdlib>
#include <map>
#include <sstream>
#include <vector>

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "config/paths.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;

TEST_CASE("secrets come from the environment or a file or a systemd credential") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory / "token", "from-a-file\n"));
  ::setenv("OUTAGED_TEST_SECRET", "from-the-environment", 1);
  ::setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1);
  REQUIRE(write_file_atomically(directory / "outaged.json",
                                R"({"secrets": {"a": {"env": "OUTAGED_TEST_SECRET"}, "b": {"file": "token"},
      "c": {"credential": "token"}, "d": {"env": "OUTAGED_TEST_NO_SUCH"}, "e": {"file": "none"}}})"));
  const auto loaded = config::load(directory / "outaged.json");
  REQUIRE(loaded.has_value());
  CHECK(loaded->values.secrets.at("a").reveal() == "from-the-environment");
  CHECK(loaded->values.secrets.at("b").reveal() == "from-a-file");
  CHECK(loaded->values.secrets.at("c").reveal() == "from-a-file");
  CHECK_FALSE(loaded->values.secrets.contains("d"));
  CHECK_FALSE(loaded->values.secrets.contains("e"));
  CHECK(loaded->redactor->redact("say from-a-file aloud") == "say *** aloud");
}

TEST_CASE("a secret file that cannot be read is a fault") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory / "outaged.json", R"({"secrets": {"a": {"file": "."}}})"));
  const auto refused = config::load(directory / "outaged.json");
  REQUIRE_FALSE(refused.has_value());
  CHECK(config::to_text(refused.error()).find("/secrets/a") != std::string::npos);
}

TEST_CASE("a file of certificate authorities that is not there or holds none is a fault") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory / "empty.pem", "no certificate\n"));
  for (const char* file : {"none.pem", "empty.pem"}) {
    REQUIRE(write_file_atomically(directory / "outaged.json",
                                  R"({"network": {"ca_file": ")" + std::string{file} + R"("}})"));
    const auto refused = config::load(directory / "outaged.json");
    REQUIRE_FALSE(refused.has_value());
    CHECK(config::to_text(refused.error()).find(directory / "outaged.json" + ": /network/ca_file") == 0);
  }
}

TEST_CASE("a wrong address in a variable is a fault of the probe that it would lead, with the variable's name") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(
      directory / "p.json",
      R"({"id": "p", "component": "a/b", "title": "t", "steps": [{"http": {"url": "${var:cdn}/a"}}]})"));
  const auto load_with = [&](const std::string& cdn) {
    REQUIRE(write_file_atomically(directory / "outaged.json",
                                  R"({"probes": {"paths": ["p.json"]}, "variables": {"cdn": ")" + cdn + R"("}})"));
    return config::load(directory / "outaged.json", config::Reader::daemon);
  };
  const auto wrong = load_with("htps://cdn.example");
  REQUIRE_FALSE(wrong.has_value());
  const auto text = config::to_text(wrong.error());
  CHECK(
      text.find(
          R"(p.json: /steps/0/http/url: found text "htps://cdn.example/a", which is "${var:cdn}/a"; allowed: an http)") !=
      std::string::npos);
  CHECK(load_with("https://cdn.example").has_value());
}

TEST_CASE("a run may not be written off before its time is up") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(
      directory / "p.json",
      R"({"id": "p", "component": "a/b", "title": "t", "timeout": "30s", "steps": [{"tcp": {"target": "a:1"}}]})"));
  REQUIRE(write_file_atomically(directory / "outaged.json",
                                R"({"probes": {"paths": ["p.json"]}, "schedule": {"give_up_after": "20s"}})"));
  const auto loaded = config::load(directory / "outaged.json", config::Reader::daemon);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(config::to_text(loaded.error())
            .find("/schedule/give_up_after: found 20s, below the timeout of p, which is 30s") != std::string::npos);
}

TEST_CASE("paths in the file are relative to the file") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(directory / "outaged.json", R"({"store": {"path": "data/x.db"}})"));
  const auto settings = config::load_settings(directory / "outaged.json");
  REQUIRE(settings.has_value());
  CHECK(settings->store.path == directory / "data/x.db");
  CHECK(settings->serve.socket == directory / "data/outaged.sock");
}

TEST_CASE("without a path the data is in the user's data directory or where systemd says") {
  ::unsetenv("STATE_DIRECTORY");
  ::setenv("XDG_DATA_HOME", "/home/someone/data", 1);
  CHECK(config::default_database() == "/home/someone/data/outaged/outaged.db");
  ::setenv("STATE_DIRECTORY", "/var/lib/outaged:/var/lib/other", 1);
  CHECK(config::default_database() == "/var/lib/outaged/outaged.db");
  ::unsetenv("STATE_DIRECTORY");
}

TEST_CASE("every shipped probe stands in the table of the documentation with its component and tier") {
  const auto loaded = config::load(OUTAGED_SOURCE_DIR "/config/outaged.json");
  REQUIRE(loaded.has_value());
  const auto page = read_file(OUTAGED_SOURCE_DIR "/docs/platforms.md", Bytes{1 << 20});
  REQUIRE(page.has_value());
  std::istringstream lines(*page);
  std::map<std::string, std::string> rows;  // what is between back-quotes → its row
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('|')) continue;
    for (auto at = line.find('`'); at != std::string::npos;) {
      const auto end = line.find('`', at + 1);
      if (end == std::string::npos) break;
      rows.emplace(line.substr(at + 1, end - at - 1), line);
      at = line.find('`', end + 1);
    }
  }
  for (const auto& entry : loaded->catalog) {
    const auto& probe = *entry.definition;
    CAPTURE(probe.id.name);
    const auto row = rows.find(probe.id.name);
    REQUIRE(row != rows.end());
    CHECK(row->second.find("| " + std::string{to_string(probe.tier)} + " |") != std::string::npos);
    CHECK_FALSE(probe.description.empty());
  }
}

TEST_CASE("a channel whose secret is not set is a fault") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(
      directory / "outaged.json",
      R"({"secrets": {"hook": {"env": "OUTAGED_TEST_NO_SUCH"}}, "channels": {"team": {"type": "slack", "url": "${secret:hook}"}}})"));
  const auto refused = config::load(directory / "outaged.json");
  REQUIRE_FALSE(refused.has_value());
  const auto text = config::to_text(refused.error());
  CHECK(text.find("/channels/team: found a channel whose secret \"hook\" has no value") != std::string::npos);
  CHECK(text.find("(the environment variable OUTAGED_TEST_NO_SUCH is not set)") != std::string::npos);
  // Who checks it in a shell has not the daemon's environment.
  const auto checked = config::load(directory / "outaged.json", config::Reader::person);
  REQUIRE(checked.has_value());
  CHECK(checked->unset.at("hook").excused);
}

TEST_CASE("a channel whose secret file is not there is a fault for whoever asks") {
  const test::TemporaryDirectory directory;
  REQUIRE(write_file_atomically(
      directory / "outaged.json",
      R"({"secrets": {"hook": {"file": "none"}}, "channels": {"team": {"type": "slack", "url": "${secret:hook}"}}})"));
  const auto refused = config::load(directory / "outaged.json", config::Reader::person);
  REQUIRE_FALSE(refused.has_value());
  CHECK(config::to_text(refused.error()).find("(the file none is not there, or empty)") != std::string::npos);
}

TEST_CASE("each commented entry of the shipped file can be taken in alone, and all together") {
  ::setenv("OUTAGED_SLACK_WEBHOOK", "https://hooks.slack.com/services/T0/B0/secret", 1);
  ::setenv("OUTAGED_TELEGRAM_TOKEN", "123456789:AAabcdefghijklmnopqrstuvwxyz012345", 1);
  auto shipped = read_file(OUTAGED_SOURCE_DIR "/config/outaged.json", Bytes{1 << 20});
  REQUIRE(shipped.has_value());
  const std::string paths = "\"../probes\"";
  shipped->replace(shipped->find(paths), paths.size(), "\"" OUTAGED_SOURCE_DIR "/probes\"");
  const std::string mark = "// \"";
  std::vector<std::string> variants;
  std::string all = *shipped;
  for (auto at = shipped->find(mark); at != std::string::npos; at = shipped->find(mark, at + 1)) {
    variants.push_back(std::string{*shipped}.erase(at, mark.size() - 1));
  }
  CHECK(variants.size() == 3);
  for (auto at = all.find(mark); at != std::string::npos; at = all.find(mark, at)) all.erase(at, mark.size() - 1);
  variants.push_back(std::move(all));
  const test::TemporaryDirectory directory;
  for (const auto& text : variants) {
    REQUIRE(write_file_atomically(directory / "outaged.json", text));
    const auto loaded = config::load(directory / "outaged.json");
    CAPTURE(loaded ? "" : config::to_text(loaded.error()));
    CHECK(loaded.has_value());
  }
  ::unsetenv("OUTAGED_SLACK_WEBHOOK");
  ::unsetenv("OUTAGED_TELEGRAM_TOKEN");
}
