#pragma once
// Replay: detection and incidents over results that are known already, and a record of what would have been raised,
// when. The same detector and ledger as the daemon's; pure. For `outagectl replay` and bench/detection.
#include <map>
#include <set>
#include <vector>

#include "detect/detector.hpp"
#include "incident/ledger.hpp"

namespace outaged::replay {

/// One decision, in the order in which they were made.
struct Event {
  enum class Kind { open, join, resolve };
  WallTime at;
  Kind kind = Kind::open;
  IncidentId incident;
  ComponentId component;  ///< empty for resolve
};

struct Interval {
  WallTime from;
  std::optional<WallTime> to;  ///< nothing: still so when the results ended
};

struct Problem {
  ProbeId probe;
  detect::ProblemKind kind;
  Interval when;
};

/// What happened.
struct Record {
  std::map<IncidentId, incident::Incident> incidents;
  /// Share of a component's conclusive results that failed while its incident was open and it was in it.
  std::map<std::pair<IncidentId, ComponentId>, std::pair<std::uint64_t, std::uint64_t>> failed_of;
  std::vector<Event> events;
  std::vector<Interval> site_offline;
  std::vector<Problem> problems;
  std::vector<incident::Announcement> announcements;
  std::uint64_t results = 0;
};

class Replay {
 public:
  Replay(const detect::Settings& detection, const incident::Settings& incidents,
         const std::vector<detect::ProbeInfo>& probes);

  /// Takes in a result; what was due before it became known is done first. Returns the re-checks that are wanted.
  std::vector<detect::Recheck> take(const Result& result);
  /// Does what is due up to `now`.
  std::vector<detect::Recheck> advance(WallTime now);
  [[nodiscard]] std::optional<WallTime> next_deadline() const;

  [[nodiscard]] const Record& record() const { return record_; }
  [[nodiscard]] const detect::Detector& detector() const { return detector_; }

  /// As if the program were stopped and started here. False when the saved state is refused.
  bool restart();

 private:
  void handle(const detect::Decisions& decisions, std::vector<detect::Recheck>& rechecks);
  void note(const detect::Finding& finding);
  void note(const incident::Effects& effects);
  void count(const Result& result);

  detect::Settings detection_;
  incident::Settings incident_settings_;
  std::vector<detect::ProbeInfo> probes_;
  std::vector<ComponentId> watched_;
  detect::Detector detector_;
  incident::Ledger ledger_;
  Record record_;
  std::set<std::pair<IncidentId, ComponentId>> members_;
  std::set<IncidentId> open_;
  WallTime now_{};
};

}  // namespace outaged::replay
