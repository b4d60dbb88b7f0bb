// What the authenticated probes make is deleted, also after a crash.
#include <doctest/doctest.h>

#include "e2e/stack.hpp"
#include "store/reader.hpp"

using namespace outaged::test;
using Json = nlohmann::json;

namespace {

std::vector<outaged::Leftover> leftovers(const Stack& stack) {
  auto reader = outaged::store::Reader::open(stack.database());
  REQUIRE(reader.has_value());
  return reader->leftovers();
}

}  // namespace

TEST_CASE("what a killed daemon had uploaded and not deleted is deleted when it starts again") {
  Stack stack(1);
  // Only this probe, and it hangs between the upload and the deletion: the stored file is not delivered.
  stack.configure([](Json& config) {
    for (auto& path : config["probes"]["paths"]) path = path.get<std::string>() + "/whatsapp/media-round-trip.json";
    config["probes"]["overrides"]["whatsapp.media-round-trip"] = {{"interval", "5s"}, {"timeout", "60s"}};
  });
  const Json hang = {{"platform", "whatsapp"}, {"functions", {"media-download"}}, {"layer", "timeout"}};
  stack.simulate("/faults", Json::array({hang}));
  stack.start_daemon();
  REQUIRE(stack.eventually([&] { return !leftovers(stack).empty() && stack.stored("whatsapp_media") > 0; }));
  stack.kill_daemon();
  const auto left = leftovers(stack);
  REQUIRE_FALSE(left.empty());
  CHECK(left[0].probe.name == "whatsapp.media-round-trip");
  CHECK(stack.stored("whatsapp_media") > 0);

  stack.simulate("/faults", Json::array());
  stack.start_daemon();
  CHECK(stack.eventually([&] { return stack.stored("whatsapp_media") == 0 && leftovers(stack).empty(); }));
}
