#pragma once
// The two sequential tests of a yes/no stream (failed or not, slow or not).
//
// Entry: Page's cumulative sum (E. S. Page, "Continuous inspection schemes", Biometrika 41, 1954). For each assumed
// outage rate p1 and the healthy rate p0, every observation adds its log-likelihood ratio
//     bad:  ln(p1 / p0)      good:  ln((1 - p1) / (1 - p0))
// to a sum that never falls below zero; the test crosses when the largest sum reaches the threshold h. Among healthy
// results the mean number between two false crossings is at least e^h for one p1 (G. Lorden, "Procedures for reacting
// to a change in distribution", Ann. Math. Stat. 42, 1971), so a quarter of that for the four together; no test with
// the same false alarms is faster in the worst case (G. V. Moustakides, Ann. Stat. 14, 1986). The change began at the
// first bad result after the crossing sum last was zero.
//
// Exit: the same turned round, health at p0 against an outage that still has share q.
#include <array>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "base/clock.hpp"
#include "detect/layer_mix.hpp"

namespace outaged::detect {

/// When something was first seen: in own time (timeline.hpp) and as shown.
struct Moment {
  Micros own{0};
  WallTime wall{};
  bool operator==(const Moment&) const = default;
};

class EntryTest {
 public:
  static constexpr std::array<double, 4> kOutageRates{0.07, 0.2, 0.5, 0.95};
  using Increments = std::array<double, kOutageRates.size()>;

  /// Of independent observations (witness.hpp has those of one probe). `p0` may differ from one to the next; rates not
  /// above it say nothing then.
  static Increments ratios(bool bad, double p0);

  /// No sum rises above `most`, so that a burst that ends is forgotten soon.
  void add(const Increments& ratios, bool bad, double most, Moment when);
  /// A failure that repeats none of the same probe: it also says whether it breaks where those before it broke. `own`:
  /// the share of the probe's failures in health that break there.
  void add_failure(const Increments& ratios, double most, Moment when, Layer layer, double own, const LayerMix& usual);
  void reset() { *this = EntryTest{}; }

  /// The largest sum, in nats.
  [[nodiscard]] double score() const { return sums_[leader()]; }
  /// The estimated beginning; nothing while the score is zero.
  [[nodiscard]] std::optional<Moment> onset() const;

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);
  bool operator==(const EntryTest&) const = default;

 private:
  [[nodiscard]] std::size_t leader() const;

  std::array<double, kOutageRates.size()> sums_{};
  std::array<Moment, kOutageRates.size()> first_bad_{};
  std::array<LayerMix::Counts, kOutageRates.size()> layers_{};  ///< of the failures since then
};

class ExitTest {
 public:
  /// `memory`: about how many results the share is estimated from.
  explicit ExitTest(double memory = 40) : memory_(memory) {}
  /// Begins with what the opening evidence says: `bad` of `all`.
  void begin(double bad, double all);
  /// `floor`: the smallest share that still is an outage. `fresh`: how much of a new witness the result is (1: wholly);
  /// a bad one always counts for half at least.
  void add(bool bad, double p0, double floor, double fresh = 1);

  [[nodiscard]] double score() const { return score_; }
  /// The share of bad results that is assumed as long as the outage lasts: a cautious (low) estimate from about the
  /// last `memory` results, since a share thought too high would take a few good results for the end.
  [[nodiscard]] double assumed_share(double floor) const;

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);
  bool operator==(const ExitTest&) const = default;

 private:
  double memory_;
  double score_ = 0;
  double bad_ = 0;  ///< exponentially forgetting counts
  double all_ = 0;
};

}  // namespace outaged::detect
