#pragma once
// A simulated world whose findings go through a ledger, as in the daemon: what would be stored and announced.
#include <map>
#include <vector>

#include "detect/world.hpp"
#include "incident/ledger.hpp"

namespace outaged::test {

class Story {
 public:
  Story(const std::vector<detect::ProbeInfo>& probes, World::Rule rule, std::uint64_t seed = 1)
      : world(probes, std::move(rule), seed), ledger_(new_ledger(probes)), probes_(probes) {
    world.on_finding = [this](const detect::Finding& finding) { take(ledger_.apply(finding)); };
    world.on_answer = [this](const ComponentId& component, WallTime began) { ledger_.answered(component, began); };
    world.on_time = [this](WallTime now) { take(ledger_.advance(now)); };
  }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  /// The daemon stops and starts: the detector from what it saved, the ledger from the stored incidents.
  bool restart() {
    if (!world.restart()) return false;
    ledger_ = new_ledger(probes_);
    std::vector<incident::Incident> known;
    for (const auto& [id, one] : incidents) known.push_back(one);
    ledger_.restore(std::move(known), world.detector.beliefs(), world.detector.site());
    return true;
  }

  [[nodiscard]] int count(IncidentId id, incident::AnnouncementKind kind) const {
    int out = 0;
    for (const auto& one : announcements) out += one.incident == id && one.kind == kind ? 1 : 0;
    return out;
  }

  World world;
  std::map<IncidentId, incident::Incident> incidents;
  std::vector<incident::Announcement> announcements;

 private:
  incident::Ledger new_ledger(const std::vector<detect::ProbeInfo>& probes) const {
    std::vector<ComponentId> watched;
    for (const auto& one : probes) watched.push_back(one.component);
    const auto next = incidents.empty() ? 1 : incidents.rbegin()->first.number + 1;
    return {incident::Settings{}, watched, IncidentId{next}};
  }

  void take(const incident::Effects& effects) {
    for (const auto& one : effects.changed) incidents[one.id] = one;
    announcements.insert(announcements.end(), effects.announcements.begin(), effects.announcements.end());
  }

  incident::Ledger ledger_;
  std::vector<detect::ProbeInfo> probes_;
};

}  // namespace outaged::test
