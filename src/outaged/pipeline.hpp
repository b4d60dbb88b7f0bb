#pragma once
// Pipeline: from a result to what is stored and announced. Each result goes through detection and incident logic, and
// everything that follows from it is one batch, one transaction. Messages are woken only after the commit, so whatever
// is announced is on disk. One thread, that of the timers.
#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/timer_queue.hpp"
#include "detect/detector.hpp"
#include "incident/gateway.hpp"
#include "incident/ledger.hpp"
#include "incident/user_reports.hpp"
#include "incident/vendor_says.hpp"
#include "notify/announcer.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"

namespace outaged::daemon {

class Pipeline {
 public:
  struct Parts {
    TimerQueue& timers;
    store::Writer& writer;
    detect::Detector detector;
    incident::Ledger ledger;
    notify::Announcer announcer;
    std::string site;
    std::string public_address;
    /// Probes that read a vendor's status page → the vendor.
    std::map<ProbeId, std::string> vendors = {};
    /// Probes that sign in → what with. A problem of it is told once.
    std::map<ProbeId, std::string> credentials = {};
    std::function<std::string(IncidentId)> acknowledge_link;  ///< none: messages hold no such link
    std::function<void(const detect::Recheck&)> recheck;
    /// Runs the probes of a component soon.
    std::function<void(const ComponentId&)> look_closer;
    std::function<void()> messages_written;  ///< called on the writer's thread, after the commit
  };

  explicit Pipeline(Parts parts);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Continues where the last run of the daemon ended: detector state, results since, open incidents. Before the first
  /// take().
  void restore(store::Reader& reader);

  /// Takes in one result.
  void take(Result result);

  using Intervened = std::function<void(Expected<incident::Incident, std::string>)>;
  /// Takes in what a person says; `resolved` is the incident as stored, when it is resolved. `done` is called once, on
  /// any thread: after the commit, or with the reason why not.
  void intervene(const incident::Intervention& said, std::optional<incident::Incident> resolved, Intervened done);
  /// A user says that `component` does not work. Many of them make us look closer, and are told on the timeline of an
  /// open incident, and all that came before it; they never make one.
  void user_report(const ComponentId& component, const std::string& words);
  /// Time passes for what people are told: reminders, escalation, hours, silences and maintenance begin and end. To be
  /// called about twice a minute.
  void review();

  /// A silence or maintenance that somebody adds or ends, through `change`, which makes the batch to be stored; what
  /// follows is announced. `done` is called after the commit, on the writer's thread.
  void change_calendar(const std::function<store::Batch(notify::Calendar&, WallTime)>& change,
                       std::function<void()> done);

  /// Owners whose budget is used up now, and until when. A person hears of each once a day.
  void tell_of_budgets(const std::map<std::string, WallTime>& used_up);

  /// Probes that are left alone now, all of them.
  void tell_of_rests(const std::vector<detect::LeftAlone>& all);

  /// Writes what detection remembers, and that the daemon lives.
  void save();

 private:
  void advance();
  /// Detection and the ledger hear of a result.
  detect::Decisions observe(const Result& result);
  [[nodiscard]] bool is_lost_with_our_network(const Result& result) const;
  void handle(detect::Decisions decisions, store::Batch batch);
  void add(const detect::Finding& finding, store::Batch& batch);
  void add(incident::Effects effects, store::Batch& batch);
  void recall_reports(const detect::ComponentFinding& finding, store::Batch& batch);
  void restore_own_network(store::Reader& reader, WallTime saved_at);
  void tell_of_gap(store::Reader& reader, WallTime now);
  void add_notice(const detect::Finding& finding, store::Batch& batch);
  [[nodiscard]] std::string credential_of(const detect::ProbeProblem& problem) const;
  bool is_told(const detect::ProbeProblem& problem);
  [[nodiscard]] std::string sharers(const detect::ProbeProblem& problem) const;
  void take_vendor(Result result);
  void tell_of_vendors();
  void mark_maintenance(store::Batch& batch);
  [[nodiscard]] ComponentState shown(const ComponentId& component, ComponentState state) const;
  void note_first_sight(const Result& result, store::Batch& batch);
  [[nodiscard]] notify::Context context() const;
  [[nodiscard]] store::DetectorState detector_state() const;
  void submit(store::Batch batch, std::function<void()> stored = {});
  void arm();

  Parts parts_;
  std::set<ComponentId> stated_;  ///< components with a state in the store
  bool site_stated_ = false;
  std::set<ComponentId> maintained_;  ///< components in maintenance at the last review
  incident::UserReports user_reports_;
  incident::VendorSays vendor_says_;
  /// Problems of credentials → the probe in whose name each was told last.
  std::map<std::pair<std::string, detect::ProblemKind>, ProbeId> told_of_;
  std::set<std::string> used_up_;          ///< owners whose budget was used up when last seen
  std::optional<WallTime> offline_since_;  ///< our own network
  incident::GatewayWatch gateway_;
  TimerQueue::TimerId timer_{};
  std::optional<WallTime> armed_for_;
};

}  // namespace outaged::daemon
