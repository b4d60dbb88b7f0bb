#pragma once
// One component: its tests, its course and what is believed of it.
//
//   steady ──entry test──► failing ──exit test──► recovering ──quiet period──► steady
//                             ▲                       │
//                             └──── failing again ────┘
// Our own network does not change the course: while it is lost nothing is observed and the state shown is `unknown`.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "detect/detector.hpp"
#include "detect/sequential_test.hpp"
#include "detect/timeline.hpp"
#include "detect/window.hpp"

namespace outaged::detect {

/// What a component needs to know about the rest when it judges an observation.
struct Context {
  const Settings& settings;
  const Timeline& time;
  const std::vector<ProbeId>& names;  ///< of the probes, by index
  double noise = 0;                   ///< share of control attempts that fail
  OwnNetwork own_network = OwnNetwork::fine;
  std::function<bool()> corroborated;  ///< another endpoint fails too, here or in a related component
};

class Component {
 public:
  explicit Component(ComponentId id) : id_(std::move(id)) {}

  [[nodiscard]] const ComponentId& id() const { return id_; }
  [[nodiscard]] Belief::Course course() const { return course_; }
  [[nodiscard]] bool obscured() const { return obscured_; }

  /// Takes in a conclusive result.
  std::optional<ComponentFinding> add(const Observation& observation, const Context& context);

  /// When the quiet period ends, if one is running and good results have come in it.
  [[nodiscard]] std::optional<Micros> quiet_until(const Settings& settings) const;
  /// Time passed.
  std::optional<ComponentFinding> tick(const Context& context);

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

  void feed_entry_tests(const Observation& observation, const Context& context);
  [[nodiscard]] bool failures_crossed(const Observation& observation, const Context& context) const;
  [[nodiscard]] bool slowness_crossed(const Observation& observation, const Context& context) const;
  std::optional<ComponentFinding> add_steady(const Observation& observation, const Context& context);
  std::optional<ComponentFinding> add_failing(const Observation& observation, const Context& context);
  std::optional<ComponentFinding> add_recovering(const Observation& observation, const Context& context);
  std::optional<ComponentFinding> look_for_change(const Context& context);
  void begin(Moment onset, ComponentState state, const Context& context);
  [[nodiscard]] ComponentState state_by(const Window::Count& count, const Settings& settings) const;
  [[nodiscard]] bool bad(const Observation& observation) const;
  void note_bad(const Observation& observation);
  [[nodiscard]] Micros recent(const Timeline& time) const;
  void believe(ComponentState state, WallTime at);
  [[nodiscard]] ComponentState shown() const;
  [[nodiscard]] ComponentFinding finding(Turn turn, ComponentState previous, const Context& context) const;

  ComponentId id_;
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
  Micros last_bad_{0};          ///< own time; in an outage
  Micros longest_gap_{0};       ///< between two bad results of this outage
  Micros quiet_since_{0};       ///< own time; while recovering
  Micros stray_{0};             ///< own time of the last failure while recovering that was no relapse
  bool quiet_seen_ = false;     ///< a good result within the quiet period
  std::optional<Layer> layer_;  ///< as reported last
  Candidate<ComponentState> next_state_;
  Candidate<Layer> next_layer_;
  Window window_;
};

}  // namespace outaged::detect
