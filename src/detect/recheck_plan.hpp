#pragma once
// Which probes are asked again soon, and when: a short burst after a failure, a quicker pace while a component is
// failing, the controls whenever a verdict waits for them. Bounded here, and once more by the schedule.
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "detect/detector.hpp"

namespace outaged::detect {

class RecheckPlan {
 public:
  RecheckPlan(const Settings& settings, const std::vector<ProbeInfo>& probes);

  /// After a conclusive result of a probe that is no control. Own time. A re-check is asked for one at a time: the next
  /// follows from its result.
  void after(std::size_t probe, bool failed, Belief::Course course, Micros now, std::vector<Recheck>& out);

  /// All controls, a few seconds spread, unless they were asked just now.
  void ask_controls(Micros now, std::vector<Recheck>& out);
  /// One control, while our own network is lost: so that its return is seen soon.
  void watch_for_return(std::size_t control, std::vector<Recheck>& out) const;

  [[nodiscard]] nlohmann::json save() const;
  /// `index`: the probe's in the list. Saved with its id by the detector.
  [[nodiscard]] nlohmann::json save(std::size_t index) const;
  void load(const nlohmann::json& saved);
  void load(std::size_t index, const nlohmann::json& saved);

 private:
  struct Burst {
    int left = 0;
    Micros begun = Micros::min();
  };
  void ask_siblings(std::size_t probe, std::vector<Recheck>& out) const;
  [[nodiscard]] Micros burst_pause(int left) const;

  const Settings& settings_;
  const std::vector<ProbeInfo>& probes_;
  std::vector<Burst> bursts_;
  std::vector<std::size_t> controls_;
  Micros controls_asked_ = Micros::min();
};

}  // namespace outaged::detect
