#include "incident/gateway.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace std::chrono_literals;

namespace {

const WallTime kBefore = parse_time("2026-03-05T13:00:00Z").value();
constexpr const char* kProvider = "Our gateway answered meanwhile: the trouble was beyond it, with our provider.";
constexpr const char* kOurs = "Our gateway did not answer either: the trouble was in our own network.";

void asked(GatewayWatch& gateway, WallTime at, bool reached) {
  Result result;
  result.component = kGateway;
  result.at = at;
  if (!reached) result.result_class = ResultClass::platform_failure;
  gateway.take(result);
}

}  // namespace

TEST_CASE("a gateway that answers while all else is gone tells of the provider, one that does not of our own network") {
  GatewayWatch gateway;
  asked(gateway, kBefore, true);
  gateway.lost(kBefore + 10min);
  CHECK(gateway.sentence().empty());
  asked(gateway, kBefore + 11min, true);
  CHECK(gateway.sentence() == kProvider);
  gateway.lost(kBefore + 20min);
  for (int i = 0; i < 3; ++i) asked(gateway, kBefore + 20min + i * 30s, false);
  asked(gateway, kBefore + 22min, true);
  CHECK(gateway.sentence() == kOurs);
}

TEST_CASE("what the gateway said when the doubt began counts, and what it said before does not") {
  GatewayWatch gateway;
  asked(gateway, kBefore, true);
  asked(gateway, kBefore + 10min, false);
  gateway.lost(kBefore + 9min);
  CHECK(gateway.sentence() == kOurs);
  gateway.lost(kBefore + 11min);
  CHECK(gateway.sentence().empty());
}

TEST_CASE("a gateway that has never answered says nothing, nor does another probe") {
  GatewayWatch gateway;
  gateway.lost(kBefore);
  asked(gateway, kBefore + 1min, false);
  CHECK(gateway.sentence().empty());
  Result other;
  other.component = {"control", "https"};
  other.at = kBefore + 1min;
  gateway.take(other);
  CHECK(gateway.sentence().empty());
}
