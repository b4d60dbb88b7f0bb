// A platform that counts what we ask: slower, then not at all, and never an outage.
#include <doctest/doctest.h>

#include "e2e/stack.hpp"

using namespace outaged;
using namespace outaged::test;
using Json = nlohmann::json;

namespace {

Json probe_of(const Stack& stack, const std::string& id) {
  const auto document = Json::parse(stack.ctl({"probes", "--json"}).output);
  for (const auto& probe : document.at("probes")) {
    if (probe.at("id") == id) return probe;
  }
  return {};
}

}  // namespace

TEST_CASE(
    "who has used nearly all of what a platform allows rests, says why, also after a crash, and cries no outage") {
  Stack stack;
  stack.simulate("/limits/whatsapp", {{"calls_per_hour", 12}});
  stack.start_daemon();
  const auto rests = [&] { return probe_of(stack, "whatsapp.message-number").contains("left_alone_until"); };
  REQUIRE(stack.eventually(rests));
  const auto probe = probe_of(stack, "whatsapp.message-number");
  CHECK(probe.at("left_alone_reason") == "usage");
  CHECK(probe.at("usage_percent") >= 95);
  CHECK(stack.ctl({"probes"}).output.find("% of what the platform allows is used") != std::string::npos);
  CHECK_FALSE(probe_of(stack, "facebook.login-session").contains("left_alone_until"));

  stack.kill_daemon();
  stack.start_daemon();
  REQUIRE(stack.eventually([&] { return stack.daemon().log().find("ready") != std::string::npos; }));
  CHECK(rests());
  CHECK(stack.incidents().empty());
}
