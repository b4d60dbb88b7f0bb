#pragma once
// Inside of the detector: probes, components, their pools and our own network.
#include <map>
#include <set>
#include <unordered_map>

#include <nlohmann/json_fwd.hpp>

#include "detect/alibi.hpp"
#include "detect/baseline.hpp"
#include "detect/component.hpp"
#include "detect/detector.hpp"
#include "detect/pool.hpp"
#include "detect/problems.hpp"
#include "detect/recheck_plan.hpp"
#include "detect/site.hpp"
#include "detect/timeline.hpp"
#include "detect/witness.hpp"

namespace outaged::detect {

class Detector::State {
 public:
  State(Settings settings, const std::vector<ProbeInfo>& probes);
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Decisions observe(const Result& result);
  Decisions advance(WallTime now);
  Decisions left_alone(const std::vector<LeftAlone>& all, WallTime now);
  [[nodiscard]] std::optional<WallTime> next_deadline() const;
  [[nodiscard]] std::string save() const;
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
    explicit Watched(ProblemWatch watch) : problem(std::move(watch)) {}
    std::size_t group = 0;     ///< index of its component, or of its control endpoint
    std::size_t endpoint = 0;  ///< number of the host that it asks
    bool control = false;
    bool proven = false;
    /// Of the present run of refused credentials: the first and the last; own time.
    std::optional<std::pair<Micros, Micros>> refused;
    WallTime last_well{};  ///< by the wall clock: nobody looks while the machine is off
    /// Of a control: when its latest answer came (own time), and its lateness.
    std::optional<std::pair<Micros, double>> answer;
    Witness witness;
    Baseline baseline;
    ProblemWatch problem;
  };
  struct Judged {
    Component component;
    std::vector<std::size_t> probes;
    std::vector<std::size_t> pools;
    std::size_t owner = 0;
    Micros interval{0};  ///< the shortest of its probes
  };
  /// What one owner runs is over together: when anything of it failed last, and for how long it was away.
  struct Owner {
    std::string name;
    std::vector<std::size_t> components;
    Micros last_bad = Micros::min();
    Micros away{0};                 ///< the longest time for which nothing failed before something did again
    Micros began = Micros::min();   ///< the outage; own time
    ExitTest health{kOwnerMemory};  ///< of all components that it has hit, together
  };
  /// Results from which the share of an owner's outage is estimated: about twenty minutes of ten probes.
  static constexpr double kOwnerMemory = 200;
  /// What is not heard of for so many of its intervals cannot be asked.
  static constexpr int kRunsMissed = 3;
  /// A test that has enough evidence, and since when. Numbers: components first, then pools.
  using Crossed = std::map<std::size_t, Micros>;

  void make_owners();
  void make_thresholds();
  /// Whether credentials that worked just now are refused, as far as this probe tells.
  [[nodiscard]] bool refused_suddenly(std::size_t index, const Result& result) const;
  /// Whether credentials are refused elsewhere too since about the same time: then it is not the credentials.
  [[nodiscard]] bool refused_elsewhere(std::size_t index) const;
  [[nodiscard]] std::string name_of(std::size_t test) const;
  [[nodiscard]] nlohmann::json save_probe(std::size_t index) const;
  void on_control(const Watched& probe, std::size_t index, const Result& result, Decisions& out);
  void on_platform(Watched& probe, std::size_t index, const Result& result, bool failed, Decisions& out);
  /// Whether by the end of a rest too long will have passed since it last said something.
  [[nodiscard]] bool misses_much(std::size_t index, Micros rest, WallTime now) const;
  /// How much later than usual the control hosts answer, the middle one: as much is our own network's.
  [[nodiscard]] double common_lateness() const;
  /// Whether another component of the pool is failing again and again at present.
  [[nodiscard]] bool repeats_elsewhere(const Pool& pool, std::size_t component) const;
  void lose_site(Decisions& out);
  void regain_site(Decisions& out);
  void settle(Decisions& out);
  void begin_outage(Owner& owner, const ComponentFinding& opened) const;
  void follow_outage(Owner& owner, const Component& component, double p0, double fresh) const;
  [[nodiscard]] Micros quiet_until(const Owner& owner) const;
  void fail_again(Owner& owner) const;
  [[nodiscard]] bool may_end(const Judged& judged) const;
  void end_outages(Decisions& out);
  void end_apart(const Owner& owner, Decisions& out);
  void end_outage(std::size_t index, Decisions& out);
  void forget_evidence(std::size_t index);
  /// What an outage of slowness teaches: how long answers take now, and one day that this is usual.
  void learn_slowness(const Result& result, Watched& probe, Decisions& out);
  void cross(std::size_t test, bool enough);
  void open_crossed(Decisions& out);
  void open_alone(std::size_t index, Micros since, Decisions& out);
  void open_pool(std::size_t index, Micros since, Decisions& out);
  void open(std::size_t index, Micros not_before, OwnNetwork own_network, Decisions& out);
  void relapse(std::size_t index, OwnNetwork own_network, Decisions& out);
  [[nodiscard]] bool has_outage(const Owner& owner) const;
  /// Since when a probe of it has failed without a good answer between, if for longer than a blip lasts.
  [[nodiscard]] std::optional<Micros> unbroken_since(const Judged& judged) const;
  [[nodiscard]] double join_threshold(const Owner& owner) const;

  /// Whether failures of these components since `onset` are the platform's.
  struct Verdict {
    bool theirs = false;
    bool passed = false;  ///< what failed works again, and nobody saw why it failed
    OwnNetwork own_network = OwnNetwork::fine;
  };
  [[nodiscard]] Verdict verdict(const std::vector<std::size_t>& components, Micros onset, Micros crossed) const;
  /// Whether it has failed for as long as one target alone must.
  [[nodiscard]] bool outlasts_blips(const Component& component, Micros onset) const;
  /// How many of its probes have failed again and again since then.
  [[nodiscard]] std::ptrdiff_t repeating(const Judged& judged, Micros since) const;
  /// What it says against an outage, in nats, that these failures break all over the place, as when packets are lost.
  /// That they break alike says nothing for one: those of a lost network do too.
  [[nodiscard]] double one_cause(std::vector<Witness::Seen> failed) const;
  [[nodiscard]] Context context(OwnNetwork own_network) const;

  Settings settings_;
  std::vector<ProbeInfo> probes_;
  std::vector<ProbeId> names_;
  std::unordered_map<std::string, std::size_t> index_of_;
  std::vector<Watched> watched_;
  std::vector<Judged> judged_;  ///< sorted by component
  std::vector<Pool> pools_;
  std::vector<Owner> owners_;
  std::vector<double> thresholds_;  ///< of the tests: components first, then pools
  Crossed crossed_;
  Micros control_round_{0};  ///< within this every control is asked
  Timeline time_;
  SiteWatch site_{0};
  LayerMix layers_;  ///< where failures in health break
  RecheckPlan plan_;
  Micros grace_until_ = Micros::min();
};

}  // namespace outaged::detect
