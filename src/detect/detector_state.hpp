#pragma once
// Inside of the detector: probes, components, our own network and the results whose verdict waits.
#include <deque>
#include <set>
#include <unordered_map>

#include <nlohmann/json_fwd.hpp>

#include "detect/component.hpp"
#include "detect/detector.hpp"
#include "detect/problems.hpp"
#include "detect/recheck_plan.hpp"
#include "detect/site.hpp"
#include "detect/timeline.hpp"

namespace outaged::detect {

class Detector::State {
 public:
  State(Settings settings, const std::vector<ProbeInfo>& probes);
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Decisions observe(const Result& result);
  Decisions advance(WallTime now);
  [[nodiscard]] std::optional<WallTime> next_deadline() const;
  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);
  void assume_failing(const ComponentId& id, ComponentState state, WallTime onset);
  [[nodiscard]] std::vector<Belief> beliefs() const;
  [[nodiscard]] SiteFinding site() const;
  [[nodiscard]] std::vector<ProbeProblem> problems() const;
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const std::vector<ProbeInfo>& probes() const { return probes_; }

 private:
  /// What is remembered of a probe.
  struct Watched {
    std::size_t group = 0;     ///< index of its component, or of its control endpoint
    std::size_t endpoint = 0;  ///< number of the host that it asks
    bool control = false;
    bool proven = false;
    bool failed = false;  ///< its latest conclusive result
    Micros known = Micros::min();
    ProblemWatch problem;
  };
  /// A component and the results that wait behind a failure whose verdict waits for the controls.
  struct Judged {
    Component component;
    std::deque<Observation> waiting;
  };

  void on_control(const Watched& probe, std::size_t index, const Result& result, Decisions& out);
  void on_platform(Watched& probe, std::size_t index, const Result& result, bool failed, Decisions& out);
  void lose_site(Decisions& out);
  void regain_site(Decisions& out);
  void settle(Decisions& out);
  void drain(Judged& judged, Decisions& out);
  void judge(Judged& judged, const Observation& observation, OwnNetwork own_network, Decisions& out);
  [[nodiscard]] Context context(OwnNetwork own_network) const;
  [[nodiscard]] bool corroborated(const Observation& observation) const;

  Settings settings_;
  std::vector<ProbeInfo> probes_;
  std::vector<ProbeId> names_;
  std::unordered_map<std::string, std::size_t> index_of_;
  std::vector<Watched> watched_;
  std::vector<Judged> judged_;  ///< sorted by component
  std::set<std::size_t> busy_;  ///< those of judged_ that wait for something
  Timeline time_;
  SiteWatch site_{0};
  RecheckPlan plan_;
  Micros grace_until_ = Micros::min();
};

}  // namespace outaged::detect
