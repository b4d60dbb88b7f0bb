#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "replay/rows.hpp"

using namespace outaged;
using namespace outaged::test;

namespace {

/// A partial outage with a relapse, a loss of our own network in the middle of it, an expired token, noise.
std::vector<Result> eventful(std::uint64_t seed, std::vector<detect::ProbeInfo>& probes) {
  Random random{seed};
  const CsvFile file{text_of(rows_of(
      [&random](const std::string& platform, const std::string& function, double minute) -> std::string {
        if (within(minute, 75, 80)) return "timeout";
        if (platform == "control") return "";
        if (platform == "facebook" && function == "login" && within(minute, 20, 60)) return "token_expired";
        const bool hit = within(minute, 40, 90) || within(minute, 100, 110) || within(minute, 180, 200);
        if (function == "media-upload" && hit) return random.chance(0.6) ? "http_5xx" : "";
        return random.chance(0.01) ? "tcp" : "";
      },
      4h))};
  auto source = replay::CsvResults::open(file.path);
  probes = source->probes();
  std::vector<Result> results;
  while (auto result = source->next()) results.push_back(*std::move(result));
  return results;
}

std::string with_restarts(std::uint64_t seed, const std::vector<std::size_t>& cuts) {
  std::vector<detect::ProbeInfo> probes;
  const auto results = eventful(seed, probes);
  replay::Replay replay{{}, {}, probes};
  for (std::size_t i = 0; i < results.size(); ++i) {
    replay.take(results[i]);
    if (std::ranges::find(cuts, i) != cuts.end()) RC_ASSERT(replay.restart());
  }
  return replay::to_json(replay.record(), {}).dump() + replay::to_events(replay.record());
}

}  // namespace

TEST_CASE("a restart at any row gives the same incidents, messages and problems") {
  CHECK(rc::check("restart", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
    const auto cuts = *rc::gen::container<std::vector<std::size_t>>(3, rc::gen::inRange<std::size_t>(0, 2880));
    const auto whole = with_restarts(seed, {});
    RC_ASSERT(whole.find("opened") != std::string::npos);
    RC_ASSERT(with_restarts(seed, cuts) == whole);
  }));
}
