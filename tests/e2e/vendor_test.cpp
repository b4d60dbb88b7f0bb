// What a vendor says on its status page, beside what the probes find.
#include <algorithm>

#include <doctest/doctest.h>

#include "e2e/stack.hpp"

using namespace outaged::test;
using Json = nlohmann::json;

namespace {

const Json kOutage = Json::array({{{"platform", "whatsapp"}, {"functions", {"media-upload"}}, {"layer", "http_5xx"}}});

/// The vendor's entries on the first incident's timeline.
std::vector<std::string> vendor_entries(const Stack& stack) {
  std::vector<std::string> out;
  const auto incidents = stack.incidents();
  if (incidents.empty()) return out;
  for (const auto& update : incidents[0].value("timeline", Json::array())) {
    if (update.value("kind", "") == "vendor") out.push_back(update.value("text", ""));
  }
  return out;
}

std::vector<std::string> problems(const Stack& stack) {
  std::vector<std::string> out;
  for (const auto& problem : stack.status().value("problems", Json::array()))
    out.push_back(problem.value("probe", "") + " " + problem.value("kind", ""));
  return out;
}

bool has(const std::vector<std::string>& texts, const std::string& part) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("what the vendor admits late comes on the timeline with how late it came, and its end too") {
  Stack stack(60);
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/faults", kOutage);
  REQUIRE(stack.eventually([&] { return stack.incidents().size() == 1; }));
  CHECK(vendor_entries(stack).empty());

  stack.simulate("/vendor", {{"platforms", {"whatsapp"}}, {"acknowledged_after", "5m"}, {"resolved_after", "20m"}});
  REQUIRE(stack.eventually([&] { return has(vendor_entries(stack), "after our detection."); }));
  const auto said = vendor_entries(stack);
  CHECK(has(said, "Meta says of WhatsApp Business API: Cloud API: High disruptions, since "));
  CHECK(stack.ctl({"status"}).output.find("Meta says of WhatsApp Business API: Cloud API") != std::string::npos);
  REQUIRE(stack.eventually([&] { return has(vendor_entries(stack), "Cloud API: Resolved."); }));
  CHECK(vendor_entries(stack).size() == 2);
  CHECK(stack.incidents().size() == 1);
}

TEST_CASE("a vendor that admits what nobody can see makes no incident, and its page is no row of the matrix") {
  Stack stack(60);
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  stack.simulate("/vendor", {{"platforms", {"facebook", "whatsapp"}}, {"acknowledged_after", "0s"}});
  REQUIRE(stack.eventually([&] {
    const auto vendors = stack.status().value("vendors", Json::array());
    return !vendors.empty() && vendors[0].value("state", "") == "outage";
  }));
  CHECK(stack.incidents().empty());
  CHECK(stack.state_of("vendor/meta").empty());
  CHECK(stack.ctl({"status"}).exit_code == 0);
}

TEST_CASE("a status page that is gone, or has changed, is a problem of the probe and never an outage") {
  Stack stack(60);
  stack.start_daemon();
  REQUIRE(stack.becomes_healthy());
  const auto page = [](const Json& how) {
    Json fault = {{"hosts", {"metastatus.com"}}};
    fault.update(how);
    return Json::array({fault});
  };
  stack.simulate("/faults", page({{"layer", "http_5xx"}, {"shape", "503"}}));
  REQUIRE(stack.eventually([&] { return has(problems(stack), "vendor.meta unreachable"); }));
  stack.simulate("/faults", page({{"layer", "http_5xx"}, {"shape", "empty"}}));
  REQUIRE(stack.eventually([&] { return has(problems(stack), "vendor.meta configuration"); }));
  CHECK(stack.incidents().empty());
  stack.simulate("/faults", Json::array());
  REQUIRE(stack.eventually([&] { return problems(stack).empty(); }));
}
