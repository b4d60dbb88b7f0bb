// A platform that counts what we ask: slower, then not at all, and never an outage.
#include <algorithm>

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

/// That we ask too much of its target.
bool has_problem(const Stack& stack, const std::string& probe) {
  const auto problems = stack.status().value("problems", Json::array());
  return std::ranges::any_of(problems,
                             [&](const Json& one) { return one["probe"] == probe && one["kind"] == "rate_limit"; });
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
  REQUIRE(stack.eventually([&] { return has_problem(stack, "whatsapp.message-number"); }));

  stack.kill_daemon();
  stack.start_daemon();
  REQUIRE(stack.eventually([&] { return stack.daemon().log().find("ready") != std::string::npos; }));
  CHECK(rests());
  CHECK(stack.incidents().empty());
}

TEST_CASE("who is turned away by a limit and rests is told of at once and until it answers again") {
  Stack stack(60);
  stack.configure([](Json& config) { config["routes"] = {{{"channels", {"team"}}, {"about", {"probe problems"}}}}; });
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/tokens/whatsapp", {{"state", "rate_limited"}});
  const std::vector<std::string> asking = {"whatsapp.message-number", "whatsapp.media-round-trip",
                                           "whatsapp.media-download-round-trip"};
  REQUIRE(stack.eventually([&] {
    return std::ranges::all_of(asking, [&](const std::string& probe) { return has_problem(stack, probe); });
  }));
  CHECK(stack.receiver().wait_until([](const auto& all) {
    return std::ranges::any_of(all, [](const auto& message) {
      return message.body.find("cannot ask properly (rate_limit)") != std::string::npos;
    });
  }));
  CHECK(stack.incidents().empty());

  stack.simulate("/tokens/whatsapp", {{"state", "valid"}});
  REQUIRE(stack.eventually([&] { return stack.status()["problems"].empty(); }));
}
