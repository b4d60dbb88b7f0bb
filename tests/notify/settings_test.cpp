#include "notify/settings.hpp"

#include <doctest/doctest.h>

#include "base/json/parse.hpp"
#include "notify/channel/address.hpp"

using namespace outaged;
using namespace outaged::notify;

namespace {
struct Read {
  std::optional<Settings> settings;
  Channels channels;
  std::vector<std::string> faults;
};

Read read(const std::string& text, const std::map<std::string, std::string>& values = {}) {
  json::Faults faults;
  const json::Cursor cursor = json::Cursor{"f", faults}.at("channels");
  Secrets secrets;
  for (const auto& [name, value] : values) secrets.emplace(name, Secret{value});
  Read out;
  out.settings = settings_shape().read(json::parse_file_text(text, "f").value(), cursor);
  if (out.settings) out.channels = open_channels(*out.settings, secrets, cursor);
  for (const auto& fault : faults) out.faults.push_back(json::to_string(fault));
  return out;
}

/// The only fault there is.
std::string fault(const std::string& text, const std::map<std::string, std::string>& values = {}) {
  const auto faults = read(text, values).faults;
  REQUIRE(faults.size() == 1);
  return faults.front();
}

const char* kSlack = R"({"ops": {"type": "slack", "url": "${secret:HOOK}"}})";
const std::string kTypes =
    "\"alertmanager\", \"discord\", \"email\", \"exec\", \"ntfy\", \"pagerduty\", \"slack\", \"slack-bot\", \"teams\", "
    "\"telegram\" or \"webhook\"";
const char* kTelegram = R"({"t": {"type": "telegram", "token": "${secret:BOT}", "chat": "5"}})";
}  // namespace

TEST_CASE("channels are read by name and opened with their secrets") {
  const auto got = read(R"({"ops": {"type": "slack", "url": "${secret:HOOK}"},
                            "phone": {"type": "telegram", "token": "${secret:BOT}", "chat": "-100", "thread": 3}})",
                        {{"HOOK", "https://hooks.slack.com/services/x"}, {"BOT", "1:abc"}});
  CHECK(got.faults.empty());
  REQUIRE(got.settings);
  CHECK(got.settings->at("ops").type == "slack");
  CHECK(got.settings->at("ops").secrets == std::vector<SecretReference>{{"HOOK"}});
  CHECK(got.settings->at("phone").secrets == std::vector<SecretReference>{{"BOT"}});
  CHECK(got.channels.size() == 2);
}

TEST_CASE("settings write back what was read") {
  const auto got = read(kTelegram, {{"BOT", "1:abc"}});
  REQUIRE(got.settings);
  const auto written = settings_shape().write(*got.settings);
  CHECK(written["t"]["token"] == "${secret:BOT}");
  CHECK(written["t"]["base_url"] == "https://api.telegram.org");
  const auto again = read(written.dump(), {{"BOT", "1:abc"}});
  REQUIRE(again.settings);
  CHECK(*again.settings == *got.settings);
}

TEST_CASE("an unknown type names the known ones and the nearest") {
  CHECK(fault(R"({"ops": {"type": "slak"}})") ==
        "f: /channels/ops/type: found text \"slak\"; allowed: " + kTypes + " (did you mean \"slack\"?)");
  CHECK(fault(R"({"ops": {"type": 3}})") == "f: /channels/ops/type: found number 3; allowed: " + kTypes);
  CHECK(fault(R"({"ops": {}})").find("an object with \"type\": " + kTypes) != std::string::npos);
  CHECK(fault(R"({"ops": "slack"})").find("an object") != std::string::npos);
}

TEST_CASE("keys of another type and misspelt keys are faults") {
  CHECK(fault(R"({"ops": {"type": "slack", "url": "${secret:H}", "chat": "5"}})").find("/channels/ops") !=
        std::string::npos);
  CHECK(read(R"({"t": {"type": "telegram", "tokn": "${secret:B}", "chat": "5"}})").faults.size() == 2);
}

TEST_CASE("a secret written into the configuration is a fault that does not repeat it") {
  const auto got = fault(R"({"ops": {"type": "slack", "url": "https://hooks.slack.com/services/very-secret"}})");
  CHECK(got.find("very-secret") == std::string::npos);
  CHECK(got.find("${secret:NAME}") != std::string::npos);
}

TEST_CASE("a channel whose secret is not set is a fault that names channel and secret") {
  for (const auto& values : {std::map<std::string, std::string>{}, {{"HOOK", ""}}}) {
    const auto got = fault(kSlack, values);
    CHECK(got.find("/channels/ops") != std::string::npos);
    CHECK(got.find("HOOK") != std::string::npos);
    CHECK(read(kSlack, values).channels.empty());
  }
}

TEST_CASE("a secret that cannot be what it should be is a fault that does not show it") {
  for (const char* url : {"very-secret", "ftp://very-secret.example/", "https://", "https://u:very-secret@h/"}) {
    const auto got = fault(kSlack, {{"HOOK", url}});
    CHECK(got.find("secret HOOK is not an address") != std::string::npos);
    CHECK(got.find("very-secret") == std::string::npos);
  }
  for (const char* token : {"very-secret", "1:very secret", "x:very-secret", "1:very-secret/../x"}) {
    const auto got = fault(kTelegram, {{"BOT", token}});
    CHECK(got.find("secret BOT is not a bot token") != std::string::npos);
    CHECK(got.find("very") == std::string::npos);
  }
}

TEST_CASE("a bad chat and a bad base address are faults") {
  for (const char* chat : {"", "ops", "@", "-", "12 3"}) {
    CAPTURE(chat);
    CHECK(fault(R"({"t": {"type": "telegram", "token": "${secret:B}", "chat": ")" + std::string{chat} + "\"}}")
              .find("/channels/t/chat") != std::string::npos);
  }
  for (const char* base : {"api.telegram.org", "file:///etc/passwd", "https://api.telegram.org/"}) {
    CAPTURE(base);
    CHECK(fault(R"({"t": {"type": "telegram", "token": "${secret:B}", "chat": "5", "base_url": ")" + std::string{base} +
                "\"}}")
              .find("/channels/t/base_url") != std::string::npos);
  }
}

TEST_CASE("addresses are taken apart and anything else is refused") {
  const auto address = parse_address("https://hooks.example:8443/a/b?c=d");
  REQUIRE(address);
  CHECK(address->host == "hooks.example");
  CHECK(address->path == "/a/b?c=d");
  REQUIRE(parse_address("http://[::1]:80/x"));
  CHECK(parse_address("http://[::1]:80/x")->host == "::1");
  REQUIRE(parse_address("http://127.0.0.1"));
  CHECK(parse_address("http://127.0.0.1")->path == "");
  for (const char* bad : {"", "hooks.example", "HTTPS://x", "https:///x", "https://a b/", "https://x\n/",
                          "https://[::1", "https://me@x/", "javascript:alert(1)"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_address(bad));
  }
}
