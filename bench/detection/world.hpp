#pragma once
// A seeded world for judging detection: twelve probes of three platforms and three control hosts, with the noise that
// the world has (failures now and then, blips, losses of our own network, expired tokens, quotas, blocks, heavy-tailed
// latency with waves, drifts and steps, gaps, a clock that is set) and, if wanted, one incident whose failures stick.
// The numbers are judgement; they compare detectors and forecast nothing.
#include <string>
#include <vector>

#include "base/random.hpp"
#include "detect/detector.hpp"

namespace outaged::bench {

/// How much the time of day and week does to latency: 5 to 25 %, or nights that take a third of the day's time,
/// weekends that are quicker and a peak on Monday morning.
enum class Waves { mild, strong };

/// One part of an incident: these components fail with this share and answer slower by this factor.
struct Phase {
  WallTime from;
  WallTime to;
  std::vector<ComponentId> components;
  std::string kind;  ///< http_5xx, timeout, dns, partial, auth, tcp, tls
  double share = 0;
  double slowness = 1;
};

/// A true incident.
struct Truth {
  std::string name;
  std::vector<Phase> phases;
  WallTime from;      ///< begin of the first phase
  WallTime material;  ///< from when a detector is timed
  WallTime to;        ///< end of the last phase
  std::vector<ComponentId> components;
  Waves waves = Waves::mild;
};

struct WorldSettings {
  Micros interval = std::chrono::minutes{1};
  WallTime from;
  WallTime to;
  bool noise = true;  ///< losses of our own network, tokens, quotas, blocks, blips, gaps, clock steps
  int controls = 3;
  Waves waves = Waves::mild;  ///< of the targets; those of the control hosts stay mild
};

class World {
 public:
  static constexpr std::size_t kTargets = 12;

  World(WorldSettings settings, const Truth* truth, std::uint64_t seed);

  [[nodiscard]] const std::vector<detect::ProbeInfo>& probes() const { return probes_; }
  [[nodiscard]] const WorldSettings& settings() const { return settings_; }
  /// When a probe is first asked.
  [[nodiscard]] WallTime first_run(std::size_t probe) const { return settings_.from + targets_[probe].offset; }
  /// Whether nobody asks anything now: the monitor is stopped.
  [[nodiscard]] bool stopped(WallTime at) const { return inside(gaps_, 0, at) != nullptr; }
  /// What the network answers to a probe that asks at this time. Times of one probe must not decrease.
  Result answer(std::size_t probe, WallTime at);
  /// Whether this component is, or was half an hour ago at most, under maintenance that its platform has announced.
  [[nodiscard]] bool maintained(const ComponentId& component, WallTime at) const;
  /// What the monitor's wall clock is off by.
  [[nodiscard]] Micros clock_error(WallTime at) const;

 private:
  struct Span {
    WallTime from;
    WallTime to;
    double share = 1;
    int kind = 0;
    std::vector<std::size_t> probes;  ///< none: all
    Micros offset{0};
  };
  struct Target {
    Micros offset{0};
    double failing = 0.004;
    double latency = 200;  ///< milliseconds
    double sigma = 0.3;
    double tail = 0.01;
    double wave = 0.1;
    double wave_phase = 0;
    double weekly = 0.05;
    bool strong = false;  ///< waves
    double drift = 0;
    std::int64_t day = 0;
    double leaning = 0;  ///< in logits: how its share differs from the incident's
    WallTime lucky_until{};
    double luck = 1;
    std::vector<Span> blips;
  };

  void make_targets();
  void make_noise();
  void make_problems();
  void make_maintenance(std::uint64_t seed);
  void make_jams(std::uint64_t seed);
  void fail(Result& result, const std::string& kind) const;
  /// What the incident does to an answer: the kind of its failure or "", and how much slower it is.
  std::pair<std::string, double> incident_at(std::size_t probe, WallTime at);
  double latency(Target& target, WallTime at);
  double normal();
  std::string stray_kind(std::size_t probe);
  [[nodiscard]] std::vector<WallTime> arrivals(double per_month);
  [[nodiscard]] std::vector<std::size_t> of_some_platform();
  [[nodiscard]] static const Span* inside(const std::vector<Span>& spans, std::size_t probe, WallTime at);

  WorldSettings settings_;
  const Truth* truth_;
  Random random_;
  std::size_t weakness_;  ///< which layers the targets' own weaknesses are of
  std::vector<detect::ProbeInfo> probes_;
  std::vector<Target> targets_;
  std::vector<Span> losses_;    ///< of our own network
  std::vector<Span> jams_;      ///< of our own line: `share` is how many times as long answers take
  std::vector<Span> problems_;  ///< tokens, quotas, blocks
  std::vector<Span> maintenances_;
  std::vector<Span> gaps_;
  std::vector<Span> clocks_;  ///< our wall clock is off
};

}  // namespace outaged::bench
