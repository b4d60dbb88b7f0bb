#include "base/log.hpp"

#include <cstdio>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/file.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using test::TemporaryDirectory;

namespace {

/// What is written to standard error while `action` runs.
template <class Action>
std::string standard_error_of(const Action& action) {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "log").string();
  std::fflush(stderr);
  const int kept = ::dup(STDERR_FILENO);
  std::FILE* file = std::fopen(path.c_str(), "w");
  ::dup2(::fileno(file), STDERR_FILENO);
  action();
  std::fflush(stderr);
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  std::fclose(file);
  return *read_file(path, Bytes{1U << 20U});
}

}  // namespace

TEST_CASE("an event is one line with its level and fields") {
  const std::string line = standard_error_of([] {
    log::warn("delivery failed", {{"channel", "slack"}, {"status", 503}, {"text", "two words"}, {"none", ""}});
  });
  CHECK(line.ends_with("warning delivery failed channel=slack status=503 text=\"two words\" none=\"\"\n"));
}

TEST_CASE("no value can begin a line of its own or steer a terminal") {
  const std::string line = standard_error_of([] {
    log::info("x", {{"a", "1\nerror forged b=\"2\""}, {"c", "\x1b[2J\r"}, {"d", "e\\"}});
  });
  CHECK(line.ends_with("info x a=\"1\\nerror forged b=\\\"2\\\"\" c=\" [2J \" d=\"e\\\\\"\n"));
}

TEST_CASE("secrets are taken out before they are escaped") {
  auto redactor = std::make_shared<Redactor>();
  redactor->add(Secret{"to\"ken-value"});
  log::set_redactor(redactor);
  const std::string line = standard_error_of([] { log::error("x", {{"url", "https://a/?t=to\"ken-value"}}); });
  log::set_redactor(std::make_shared<Redactor>());
  CHECK(line.ends_with("x url=\"https://a/?t=***\"\n"));
}

TEST_CASE("lines below the level are dropped") {
  const std::string text = standard_error_of([] {
    log::debug("unseen");
    log::set_level(log::Level::error);
    log::warn("unseen too");
    log::set_level(log::Level::debug);
    log::debug("seen");
    log::set_level(log::Level::info);
  });
  CHECK(text.find("unseen") == std::string::npos);
  CHECK(text.ends_with("debug seen\n"));
}
