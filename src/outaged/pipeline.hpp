#pragma once
// Pipeline: from a result to what is stored and announced. Each result goes through detection and incident logic, and
// everything that follows from it is one batch, one transaction. Messages are woken only after the commit, so whatever
// is announced is on disk. One thread, that of the timers.
#include <functional>
#include <set>
#include <string>

#include "base/timer_queue.hpp"
#include "detect/detector.hpp"
#include "incident/ledger.hpp"
#include "notify/announce.hpp"
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
    const notify::Settings& channels;
    std::string site;
    std::string public_address;
    std::function<void(const detect::Recheck&)> recheck;
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

  /// Writes what detection remembers, and that the daemon lives.
  void save();

 private:
  void advance();
  void handle(detect::Decisions decisions, store::Batch batch);
  void add(const detect::Finding& finding, store::Batch& batch);
  void add(incident::Effects effects, store::Batch& batch);
  void note_first_sight(const Result& result, store::Batch& batch);
  [[nodiscard]] notify::Context context() const;
  [[nodiscard]] store::DetectorState detector_state() const;
  void submit(store::Batch batch, std::function<void()> stored = {});
  void arm();

  Parts parts_;
  std::set<ComponentId> stated_;  ///< components with a state in the store
  bool site_stated_ = false;
  TimerQueue::TimerId timer_{};
  std::optional<WallTime> armed_for_;
};

}  // namespace outaged::daemon
