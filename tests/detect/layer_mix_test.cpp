// Failures of one cause break at one layer; those of healthy days here and there.
#include "detect/layer_mix.hpp"

#include <array>
#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "detect/witness.hpp"
#include "detect/world.hpp"

using namespace outaged;
using namespace outaged::detect;
using namespace outaged::test;

namespace {

constexpr std::array kAllLayers{Layer::dns, Layer::tcp,     Layer::tls,     Layer::http,
                                Layer::api, Layer::content, Layer::timeout, Layer::local};

double agreement(const LayerMix& mix, const std::vector<Layer>& failures) {
  return mix.agreement(std::span{failures});
}

/// Days in which nine failures of ten are of one layer.
LayerMix mostly(Layer layer, int failures = 1000) {
  LayerMix mix;
  for (int i = 0; i < failures; ++i) mix.learn(i % 10 == 9 ? Layer::dns : layer);
  return mix;
}

/// When a third of the attempts of two log-ins fails.
std::vector<Micros> delays(const std::vector<Layer>& layers) {
  std::vector<Micros> out;
  for (std::uint64_t seed = 1; seed <= 21; ++seed) {
    auto probes = twelve_probes();
    for (auto& one : probes) one.owner = "Meta";
    std::size_t next = 0;
    World world(
        probes + controls(),
        [&](const ProbeInfo& probe, WallTime when, Random& random) {
          const bool hit = probe.component.function == "login" && when >= kFrom;
          return hit && random.chance(0.3) ? failure(layers[next++ % layers.size()], "it") : ok();
        },
        seed);
    world.grant_rechecks = false;
    world.run_until(kFrom + 3h);
    const auto opened = world.turns(Turn::opened);
    out.push_back(opened.empty() ? Micros{3h} : opened[0].at - kFrom);
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

TEST_CASE("one failure says nothing by where it breaks") {
  for (const Layer layer : kAllLayers) CHECK(agreement({}, {layer}) == 0);
}

TEST_CASE("failures that break at the same layer agree and those that break all over the place do not") {
  CHECK(agreement({}, {Layer::api, Layer::api}) > 1);
  CHECK(agreement({}, {Layer::api, Layer::api, Layer::api}) > 2 * agreement({}, {Layer::api, Layer::api}));
  CHECK(agreement({}, {Layer::api, Layer::dns}) < -0.5);
  CHECK(agreement({}, {Layer::api, Layer::api, Layer::api, Layer::dns, Layer::api}) > 2);
}

TEST_CASE("a mixture of layers never says more against an outage than that an outage may be one") {
  std::vector<Layer> mixture;
  for (int i = 0; i < 9; ++i) mixture.insert(mixture.end(), kAllLayers.begin(), kAllLayers.end());
  CHECK(agreement({}, mixture) >= std::log(0.15) - 0.05);
}

TEST_CASE("where failures in health break at one layer too those agree no more") {
  const LayerMix usual = mostly(Layer::timeout);
  CHECK(agreement(usual, {Layer::timeout, Layer::timeout, Layer::timeout}) < 0.3);
  CHECK(agreement(usual, {Layer::api, Layer::api, Layer::api}) > 3);
}

TEST_CASE("a probe whose own failures in health break at that layer agrees less") {
  LayerMix::Counts before{};
  LayerMix::count(before, Layer::http);
  const double usual = LayerMix{}.agreement(before, Layer::http);
  CHECK(LayerMix{}.agreement(before, Layer::http, 0.05) == usual);
  CHECK(LayerMix{}.agreement(before, Layer::http, 0.9) < 0.1);
}

TEST_CASE("a probe learns soon where its own failures in health break and unlearns nothing in an outage") {
  Witness witness;
  const auto fails = [&witness](int hour, Layer layer, bool learning) {
    const Micros known = hour * 3600s;
    witness.add({known, known, true, true, Depth::http, layer}, 0, learning, {});
    witness.add({known + 60s, known + 60s, false}, 0, learning, {});
  };
  CHECK(witness.share_of(Layer::http) == 0);
  for (int i = 0; i < 12; ++i) fails(i, i == 5 ? Layer::dns : Layer::http, true);
  CHECK(witness.share_of(Layer::http) > 0.65);
  CHECK(witness.share_of(Layer::dns) < 0.1);
  for (int i = 12; i < 40; ++i) fails(i, Layer::dns, false);
  CHECK(witness.share_of(Layer::dns) < 0.1);
}

TEST_CASE("what has never been seen in health is no proof") {
  CHECK(agreement(mostly(Layer::timeout), {Layer::api, Layer::api}) < std::log(0.9 / 0.08 + 0.1));
}

TEST_CASE("in the mean of health where the next failure breaks says nothing for an outage") {
  // So the promise of false alarms stands (threshold.hpp).
  for (const LayerMix& mix : {LayerMix{}, mostly(Layer::timeout), mostly(Layer::http)}) {
    for (const Layer first : kAllLayers) {
      for (const Layer second : kAllLayers) {
        LayerMix::Counts before{};
        LayerMix::count(before, first);
        LayerMix::count(before, second);
        double mean = 0;
        double all = 0;
        for (const Layer next : kAllLayers) {
          mean += mix.share(next) * std::exp(mix.agreement(before, next));
          all += mix.share(next);
        }
        CHECK(mean / all <= 1 + 1e-9);
      }
    }
  }
}

TEST_CASE("any number of failures can be weighed") {
  LayerMix::Counts counts{};
  for (int i = 0; i < 1000; ++i) LayerMix::count(counts, i % 2 == 0 ? Layer::api : Layer::tcp);
  for (const Layer layer : kAllLayers) CHECK(std::isfinite(LayerMix{}.agreement(counts, layer)));
}

TEST_CASE("what was learned survives a restart") {
  const LayerMix before = mostly(Layer::timeout, 57);
  LayerMix after;
  after.load(before.save());
  for (const Layer layer : kAllLayers) CHECK(after.share(layer) == before.share(layer));
}

TEST_CASE("a partial outage of one cause is found sooner than one that breaks everywhere") {
  const auto alike = delays({Layer::api});
  const auto mixed = delays({Layer::api, Layer::content, Layer::http});
  CHECK(alike[10] < mixed[10]);
  CHECK(mixed.back() < 1h);
}
