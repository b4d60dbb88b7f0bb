#pragma once
// The ledger: findings in, incidents and announcements out. It decides what belongs together, how grave it is, what
// state an incident is in and when somebody is told. Pure, as the detector. One thread.
//
// Nothing is remembered beside the incidents themselves: what has not been told yet is read from the timeline (see
// told() in ledger.cpp), so an incident restored from the store continues without saying anything twice.
#include <optional>
#include <vector>

#include "detect/detector.hpp"
#include "detect/finding.hpp"
#include "incident/incident.hpp"
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
  /// `watched`: all components that are probed (never controls); `next`: the number of the next incident.
  Ledger(Settings settings, std::vector<ComponentId> watched, IncidentId next);

  /// Continues after a restart, with the incidents that are not resolved and what the detector believes. Members of
  /// incidents that are no longer watched, or healthy by now, count as recovered at the next advance().
  void restore(std::vector<Incident> open, const std::vector<detect::Belief>& beliefs, const detect::SiteFinding& site);

  /// Takes in one finding. Probe problems change nothing here: they are no outages.
  Effects apply(const detect::Finding& finding);

  /// Time passes: announcements that were held become due.
  Effects advance(WallTime now);
  [[nodiscard]] std::optional<WallTime> next_deadline() const;

  /// Incidents that are not resolved, oldest first.
  [[nodiscard]] const std::vector<Incident>& open() const { return open_; }
  [[nodiscard]] IncidentId next_id() const { return next_; }

 private:
  Effects component(const detect::ComponentFinding& finding);
  Effects site(const detect::SiteFinding& finding);

  Settings settings_;
  Surroundings surroundings_;
  IncidentId next_;
  std::vector<Incident> open_;
};

}  // namespace outaged::incident
