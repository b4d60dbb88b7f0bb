#pragma once
// One probe as a witness: how often it fails in health, what its latest results were, and how much each new result says
// for an outage.
//
// Results of one probe are not independent: in an outage its luck lasts (one edge answers for a while), and in health a
// target may be gone for some seconds, which is a blip and no outage. So each result is weighed given the one before it
// (a two-state Markov chain under either hypothesis): a first failure weighs ln(p1 / p0), a second one right after it
// again much, since failures in health seldom come in pairs; further repeats weigh only what a blip of that age would
// seldom survive. To a pool of components (pool.hpp) repeats of one witness say less still: what counts there is that
// several fail. But a blip hits one target: when another one of the pool repeats its failures at the same time, a
// confirmed failure is no blip's.
#include <array>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/clock.hpp"
#include "detect/depth.hpp"
#include "detect/sequential_test.hpp"
#include "detect/settings.hpp"

namespace outaged::detect {

/// Log-likelihood ratios of one result, for each of EntryTest::kOutageRates.
struct Step {
  EntryTest::Increments alone{};   ///< for the component's own test
  EntryTest::Increments pooled{};  ///< for the tests of its pools …
  EntryTest::Increments joint{};   ///< … in which another component is failing again and again too
  /// How much of a new witness it is: 1 a minute after the result before, near 0 right after it, while its luck lasts.
  double fresh = 1;
  bool repeats = false;  ///< a failure right after a failure of the same probe
};

class Witness {
 public:
  struct Seen {
    Micros began{0};  ///< own time
    Micros known{0};
    bool failed = false;
    bool answered = false;       ///< failed, but the platform itself answered: our own network works
    Depth depth = Depth::http;   ///< how far the way was open, or where it ended
    Layer layer = Layer::local;  ///< where it failed; `local`: not known
  };

  /// Takes in a conclusive result. `noise`: the share of control attempts that fail now; `learning`: the component is
  /// healthy, so the result tells what is normal.
  Step add(const Seen& seen, double noise, bool learning, const Settings& settings);

  /// How long it has failed without a success between: from the first failure to the last. Nothing when the last result
  /// was a success.
  [[nodiscard]] Micros failing_for() const { return run_length_ > 1 ? last_known_ - run_began_ : Micros{0}; }
  [[nodiscard]] int failures_in_a_row() const { return run_length_; }
  /// When the first of those in a row was known; own time.
  [[nodiscard]] Micros failing_since() const { return run_began_; }
  /// When a failure right after another one was known last, whatever came since; own time.
  [[nodiscard]] Micros last_repeated() const { return last_repeated_; }
  /// When the latest result was known; own time.
  [[nodiscard]] Micros last_known() const { return last_known_; }
  /// The learned share of attempts that fail in health.
  [[nodiscard]] double base_rate(const Settings& settings) const;

  /// The share of its failures in health that break there, as far as there are some.
  [[nodiscard]] double share_of(Layer layer) const;

  static constexpr std::size_t kRemembered = 24;
  [[nodiscard]] const std::vector<Seen>& seen() const { return seen_; }
  /// What was known at or after `own` is withdrawn.
  void withdraw_since(Micros own);

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);

 private:
  double failures_ = 0;  ///< exponentially forgetting counts, in health
  double attempts_ = 0;
  Micros last_known_ = Micros::min();
  std::array<float, LayerMix::kLayers> broke_{};  ///< failures in health by layer, likewise
  Micros last_repeated_ = Micros::min();
  Micros run_began_{0};
  int run_length_ = 0;
  std::vector<Seen> seen_;  // a few dozen: moving them up is cheaper than a deque's blocks
};

}  // namespace outaged::detect
