#pragma once
// One component: its tests, its course and what is believed of it.
//
//   steady ──entry test──► failing ──exit test──► recovering ──quiet period──► steady
//                             ▲                       │
//                             └──── failing again ────┘
// Our own network does not change the course: while it is lost nothing is observed and the state shown is `unknown`.
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "detect/detector.hpp"
#include "detect/sequential_test.hpp"
#include "detect/timeline.hpp"
#include "detect/window.hpp"
#include "detect/witness.hpp"

namespace outaged::detect {

/// What a component needs to know about the rest when it judges an observation.
struct Context {
  const Settings& settings;
  const Timeline& time;
  const std::vector<ProbeId>& names;  ///< of the probes, by index
  OwnNetwork own_network = OwnNetwork::fine;
  bool owner_well = false;  ///< all that the owner's outage has hit, taken together, works again
  bool unbroken = false;    ///< one of its probes has failed for long without a good answer between
};

class Component {
 public:
  explicit Component(ComponentId id) : id_(std::move(id)) {}

  /// Evidence that is a relapse of what is recovering: a failure that is confirmed.
  static constexpr double kRelapse = 6;

  /// No more evidence of failures than this is remembered, in nats: what ends is forgotten soon.
  void remember_at_most(double evidence) { most_ = evidence; }

  [[nodiscard]] const ComponentId& id() const { return id_; }
  [[nodiscard]] Belief::Course course() const { return course_; }
  [[nodiscard]] bool obscured() const { return obscured_; }

  /// Takes in a conclusive result and what it weighs: `step` for an outage, `slow_rate` the share of slow answers in
  /// health.
  std::optional<ComponentFinding> add(const Observation& observation, const Step& step, double base_rate,
                                      double slow_rate, const Context& context);

  /// The evidence for an outage while steady.
  [[nodiscard]] const EntryTest& failures() const { return failures_; }
  /// It may still open an outage of failures: steady, or only slow.
  [[nodiscard]] bool may_open() const {
    return course_ == Belief::Course::steady || (course_ == Belief::Course::failing && !fails_);
  }
  /// The latest failure; own time.
  [[nodiscard]] Micros last_failed() const { return last_failed_; }
  /// Whether the latest result was one more sign of the outage that it is in.
  [[nodiscard]] bool was_bad() const { return was_bad_; }
  /// Its outage is one of failures, not of slowness alone.
  [[nodiscard]] bool fails() const { return fails_; }
  /// The evidence is enough: the outage of this component begins.
  /// `not_before`: the outage of those that it fails with began no earlier (own time). `unbroken`: since then one of
  /// its probes has not been answered well once.
  ComponentFinding open(Micros not_before, std::optional<Micros> unbroken, const Context& context);
  /// What was recovering fails again.
  ComponentFinding relapse(std::optional<Micros> unbroken, const Context& context);
  /// The evidence turned out to be none.
  void dismiss() { failures_.reset(); }

  /// The latest sign of the outage that it is in; own time.
  [[nodiscard]] Micros last_bad() const { return last_bad_; }
  /// Good results have come in the quiet period.
  [[nodiscard]] bool quiet_seen() const { return course_ == Belief::Course::recovering && !obscured_ && quiet_seen_; }
  /// Nothing has been known of it since `own`: its probes cannot ask.
  [[nodiscard]] bool silent_since(Micros own) const {
    const auto last = window_.last_known();
    return !last || *last < own;
  }
  /// It is slow, and nothing worse.
  [[nodiscard]] bool is_slow() const { return course_ == Belief::Course::failing && !fails_; }
  [[nodiscard]] bool slow_for(Micros span, Micros now) const { return is_slow() && now - onset_.own >= span; }
  /// Its outage is over. `unknown` is believed of what has not been seen well since, until it is.
  ComponentFinding recover(const Context& context);
  /// It is as slow as before, which is usual now.
  ComponentFinding accustom(const Context& context);

  /// Our own network is lost: what was known since `own` is withdrawn.
  ComponentFinding obscure(Micros own, const Context& context);
  ComponentFinding reveal(const Context& context);

  void assume_failing(ComponentState state, WallTime onset, const Timeline& time);

  [[nodiscard]] Belief belief(const Timeline& time) const;

  [[nodiscard]] nlohmann::json save(const std::vector<ProbeId>& names) const;
  void load(const nlohmann::json& saved, const std::map<std::string, std::size_t>& index_of);

 private:
  /// A reading of the evidence that must hold for a while before it is believed.
  template <class T>
  struct Candidate {
    std::optional<T> value;
    Micros since{0};
    /// True once nothing but `seen`, which differs from `believed`, has been seen for `hold`.
    bool holds(const T& seen, const std::optional<T>& believed, Micros now, Micros hold) {
      if (seen == believed) {
        value.reset();
        return false;
      }
      if (value != seen) {
        value = seen;
        since = now;
      }
      return now - since >= hold;
    }
  };

  void feed(const Observation& observation, const EntryTest::Increments& ratios, double slow_rate,
            const Context& context);
  [[nodiscard]] bool slowness_crossed(const Observation& observation, const Context& context) const;
  std::optional<ComponentFinding> add_steady(const Observation& observation, const Context& context);
  std::optional<ComponentFinding> add_failing(const Observation& observation, double p0, double fresh,
                                              const Context& context);
  std::optional<ComponentFinding> add_recovering(const Observation& observation, const Context& context);
  std::optional<ComponentFinding> look_for_change(const Context& context);
  void begin(Moment onset, ComponentState state, const Context& context);
  ComponentFinding end(Turn turn, ComponentState previous, const Context& context);
  [[nodiscard]] ComponentState state_by(const Window::Count& count, const Settings& settings) const;
  [[nodiscard]] bool bad(const Observation& observation) const;
  [[nodiscard]] Micros recent(const Timeline& time) const;
  [[nodiscard]] Evidence evidence(const Context& context) const;
  [[nodiscard]] Evidence evidence_of_health(const Context& context) const;
  void believe(ComponentState state, WallTime at);
  [[nodiscard]] ComponentState shown() const;
  ComponentFinding finding(Turn turn, ComponentState previous, const Context& context);

  ComponentId id_;
  double most_ = 20;
  Belief::Course course_ = Belief::Course::steady;
  ComponentState state_ = ComponentState::unknown;  ///< until the first answer
  bool obscured_ = false;
  bool fails_ = false;  ///< the outage is one of failures, not of slowness alone
  WallTime since_{};
  EntryTest failures_;
  EntryTest slowness_;
  ExitTest exit_;
  Moment onset_;
  std::optional<WallTime> last_failure_;
  Micros last_failed_ = Micros::min();  ///< own time
  Micros last_bad_{0};                  ///< own time; in an outage
  bool was_bad_ = false;
  bool quiet_seen_ = false;     ///< a good result within the quiet period
  int relapses_ = 0;            ///< of this outage
  std::optional<Layer> layer_;  ///< as reported last
  std::map<Layer, int> told_;   ///< failures by layer, in the last finding
  double told_share_ = 0;       ///< of attempts that failed, likewise
  Candidate<ComponentState> next_state_;
  Candidate<Layer> next_layer_;
  Candidate<bool> other_share_;  ///< than the one told
  Window window_;
};

}  // namespace outaged::detect
