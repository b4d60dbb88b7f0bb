#pragma once
// The detector: results in, decisions out. It separates outages of platforms from noise, from our own faults and from
// the loss of our own network (docs/detection.md). Pure: no clock, no I/O. Time is what the results say (known_at) and
// what advance() is told; the same object serves the daemon, replay, tests and the benchmark. One thread.
//
// Use: observe() each result in about the order in which they became known, and call advance() at next_deadline() at
// the latest. Carry out the re-checks; hand the findings to incident::Ledger. Store save() in the transaction that
// stores the findings, so that a restart continues exactly there.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "detect/finding.hpp"
#include "detect/settings.hpp"

namespace outaged::detect {

/// What detection needs to know about a probe.
struct ProbeInfo {
  ProbeId id;
  ComponentId component;  ///< platform "control": judges our own network
  Micros interval = std::chrono::minutes{1};
  Tier tier = Tier::open;
  std::string endpoint;    ///< host that it asks: probes of different endpoints are independent witnesses
  std::string owner = {};  ///< who runs the platform; "": the platform itself. What one owner runs may fail together
  std::string credential = {};  ///< what it signs in with; "": one credential a platform
};

/// A probe that is not run for a while, so as not to ask more than its target allows.
struct LeftAlone {
  ProbeId probe;
  Micros rest{0};  ///< from now on
  std::string why;
};

/// What is believed of one component now.
struct Belief {
  enum class Course { steady, failing, recovering };
  ComponentId component;
  ComponentState state = ComponentState::operational;  ///< `unknown` while our own network is in doubt
  Course course = Course::steady;
  WallTime since;                    ///< when `state` began; the epoch before anything was decided
  std::optional<WallTime> onset;     ///< of the outage, unless steady
  double share = 0;                  ///< of recent conclusive results that failed
  std::map<Layer, int> layers = {};  ///< failures by layer, as the last finding gave them
  std::optional<WallTime> answered;  ///< when its latest success began
  bool operator==(const Belief&) const = default;
};

class Detector {
 public:
  /// Probe ids must differ. Components are those of the probes; controls have none.
  Detector(Settings settings, const std::vector<ProbeInfo>& probes);
  Detector(Detector&&) noexcept;
  Detector& operator=(Detector&&) noexcept;
  ~Detector();

  /// Takes in one result. A result of an unknown probe changes nothing.
  Decisions observe(const Result& result);

  /// Time passes: waits end, quiet periods pass. A `now` before an earlier one is a clock that was set back.
  Decisions advance(WallTime now);

  /// All probes that are left alone now; to be told about twice a minute. Who will not have been asked for more than
  /// two of its intervals has a problem until it answers and is not left alone any more.
  Decisions left_alone(const std::vector<LeftAlone>& all, WallTime now);

  /// When advance() has something to do, if nothing is observed until then.
  [[nodiscard]] std::optional<WallTime> next_deadline() const;

  /// Everything that is remembered, as compact JSON. Bounded: below 4 KiB a probe.
  [[nodiscard]] std::string save() const;

  /// Continues from save(). What was saved of probes that are gone is dropped; probes that are new start afresh.
  /// An error (a sentence) leaves the detector as it was.
  Expected<bool, std::string> load(std::string_view saved);

  /// An open incident says that this component has been failing since `onset`. Does nothing if that is known already;
  /// for a start without saved state, so that the incident goes on and can end.
  void assume_failing(const ComponentId& component, ComponentState state, WallTime onset);

  /// All components, sorted by id.
  [[nodiscard]] std::vector<Belief> beliefs() const;
  /// Our own network.
  [[nodiscard]] SiteFinding site() const;
  /// Those now open, sorted by probe.
  [[nodiscard]] std::vector<ProbeProblem> problems() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace outaged::detect
