#pragma once
// The ledger: findings in, incidents and announcements out. It decides what belongs together, how grave it is, what
// state an incident is in and when somebody is told. Pure, as the detector. One thread.
//
// What has not been told yet is read from the timeline: an announcement is always accompanied by a `diagnosis` entry,
// so a `detected` or `severity` entry after the last of these is still to be told. An incident restored from the store
// thus goes on without saying anything twice, and without losing what was held back.
#include <optional>
#include <set>
#include <vector>

#include "base/expected.hpp"
#include "detect/detector.hpp"
#include "detect/finding.hpp"
#include "incident/incident.hpp"
#include "incident/intervention.hpp"
#include "incident/settings.hpp"
#include "incident/wording.hpp"

namespace outaged::incident {

/// What follows from a finding. Store both in one transaction; only then show or send anything.
struct Effects {
  std::vector<Incident> changed;  ///< whole values, with their new timeline entries; each incident at most once
  std::vector<Announcement> announcements;
};

class Ledger {
 public:
  /// `watched`: all components that are probed (controls are left out); `next`: the number of the next incident.
  Ledger(Settings settings, const std::vector<ComponentId>& watched, IncidentId next);

  /// Continues after a restart: the incidents that are not resolved (and those resolved lately, which may be taken up
  /// again), what the detector believes after load() and
  /// assume_failing(), and its site(). Members of incidents that it no longer watches, or believes healthy, count as
  /// recovered at the next advance().
  void restore(std::vector<Incident> known, const std::vector<detect::Belief>& beliefs,
               const detect::SiteFinding& site);

  /// A component has answered well in a run that began at `at`. Only what has answered since an incident began is said
  /// to work still. To be told before the findings of that result.
  void answered(const ComponentId& component, WallTime at);

  /// Takes in one finding. Probe problems change nothing here: they are no outages.
  Effects apply(const detect::Finding& finding);

  /// Time passes: announcements that were held become due.
  Effects advance(WallTime now);
  [[nodiscard]] std::optional<WallTime> next_deadline() const;

  /// Adds a note to the open incident of a component; nobody is told for its sake.
  Effects remark(const ComponentId& component, std::string text, WallTime at);

  /// Takes in what a person says about an open incident. The error is a sentence for that person.
  Expected<Effects, std::string> intervene(const Intervention& said, WallTime at);
  /// Takes up a resolved incident again, as it was stored. It stays open until a person resolves it, or until its
  /// components fail and recover again.
  Expected<Effects, std::string> reopen(Incident incident, const Intervention& said, WallTime at);

  /// Incidents that are not resolved, oldest first.
  [[nodiscard]] const std::vector<Incident>& open() const { return open_; }
  /// Those that may be taken up again, by id.
  [[nodiscard]] const std::vector<Incident>& lately() const { return lately_; }
  /// For how long after its end an incident may be taken up again.
  [[nodiscard]] Micros relapse_window() const { return settings_.relapse_window; }
  [[nodiscard]] IncidentId next_id() const { return next_; }

 private:
  void on_component(const detect::ComponentFinding& finding);
  void on_failing(const detect::ComponentFinding& finding);
  void on_healthy(Incident& incident, AffectedComponent& member, const detect::ComponentFinding& finding);
  void on_site(const detect::SiteFinding& finding);
  bool take_up_again(const detect::ComponentFinding& finding);
  void open_incident(const detect::ComponentFinding& finding);
  void pass_time(WallTime now);
  void review(Incident& incident, WallTime at);
  static std::optional<WallTime> quiet_since(const Incident& incident);
  void begin_monitoring(Incident& incident, WallTime at);
  void resolve(Incident& incident, WallTime at);
  void move_over(Incident& incident, WallTime at);
  void announce(Incident& incident, WallTime at);
  void describe(Incident& incident);
  /// When what is untold is to be told; nothing when all is told.
  [[nodiscard]] std::optional<WallTime> due(const Incident& incident) const;
  [[nodiscard]] bool continues(const Incident& incident, const detect::ComponentFinding& finding) const;
  [[nodiscard]] bool belongs(const Incident& incident, const detect::ComponentFinding& finding) const;
  [[nodiscard]] const std::string& owner_of(const ComponentId& component) const;
  [[nodiscard]] Incident* incident_with(const ComponentId& component);
  [[nodiscard]] Effects take();

  Settings settings_;
  Surroundings surroundings_;
  IncidentId next_;
  std::vector<Incident> open_;
  std::vector<Incident> lately_;   ///< resolved within the relapse window
  std::set<ComponentId> settled_;  ///< members of open incidents whose outage is over
  std::set<IncidentId> touched_;   ///< since the last take()
  std::vector<Announcement> announcements_;
};

}  // namespace outaged::incident
