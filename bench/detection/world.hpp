#pragma once
// A seeded world for judging detection: twelve probes of three platforms and three control hosts, with the noise that
// the world has (failures now and then, blips, losses of our own network, expired tokens, quotas, heavy-tailed latency
// with waves, drifts and steps, gaps) and, if wanted, one incident whose failures stick. The numbers are judgement; they
// compare detectors and forecast nothing.
#include <array>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "outagectl/replay_source.hpp"

namespace outaged::bench {

/// One part of an incident: these components fail with this share and answer slower by this factor.
struct Phase {
  WallTime from;
  WallTime to;
  std::vector<ComponentId> components;
  std::string kind;  ///< http_5xx, timeout, dns, partial, auth, tcp
  double share = 0;
  double slowness = 1;
};

/// A true incident.
struct Truth {
  std::string name;
  std::vector<Phase> phases;
  WallTime from;      ///< first phase
  WallTime material;  ///< from when a detector is timed
  WallTime to;        ///< end of the last phase
  std::vector<ComponentId> components;
};

struct WorldSettings {
  Micros interval = std::chrono::minutes{1};
  WallTime from;
  WallTime to;
  bool noise = true;  ///< losses of our own network, tokens, quotas, gaps, blips
  int controls = 3;
};

class World final : public ctl::ResultSource {
 public:
  World(WorldSettings settings, std::optional<Truth> truth, std::uint64_t seed);

  std::optional<Result> next() override;
  [[nodiscard]] const std::vector<detect::ProbeInfo>& probes() const override { return infos_; }

 private:
  struct Span {
    WallTime from;
    WallTime to;
    double share = 1;
    int kind = 0;
    std::vector<std::size_t> probes;
  };
  struct Target {
    double failing = 0.004;
    double latency = 200;
    double sigma = 0.3;
    double tail = 0.01;
    double wave = 0.1;
    double phase = 0;
    double weekly = 0.05;
    double drift = 0;
    std::int64_t day = 0;
    double leaning = 0;  ///< in logits: how its share differs
    WallTime lucky_until{};
    double luck = 1;
    std::vector<Span> blips;
  };
  struct Due {
    WallTime at;
    std::size_t probe;
    bool operator<(const Due& other) const { return at != other.at ? at > other.at : probe > other.probe; }
  };

  void make_targets();
  void make_noise();
  Result answer(std::size_t probe, WallTime at);
  void fail(Result& result, const std::string& kind);
  double latency(Target& target, WallTime at);
  double normal();
  WallTime somewhen();
  const Span* inside(const std::vector<Span>& spans, std::size_t probe, WallTime at) const;
  std::vector<WallTime> arrivals(double per_month);
  std::string noise_kind();

  WorldSettings settings_;
  std::optional<Truth> truth_;
  Random random_;
  std::vector<detect::ProbeInfo> infos_;
  std::vector<Target> targets_;
  std::vector<Span> losses_;    ///< our own network
  std::vector<Span> problems_;  ///< tokens, quotas, blocks
  std::vector<Span> gaps_;
  std::priority_queue<Due> due_;
};

}  // namespace outaged::bench
