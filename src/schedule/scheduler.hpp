#pragma once
// Scheduler: when each probe runs. Each probe has a fixed grid of beats, one interval apart; the first beats of all
// probes are spread evenly over their interval (spread.hpp), and each further run comes at its beat plus a small
// random offset, so runs neither bunch up nor drift. A probe never overlaps itself: a beat that comes while the run of
// the one before is still under way or waiting is missed and counted. At most `max_running` runs are under way; further
// ones wait in line, owners taking turns (waiting_line.hpp). Besides the beats, detection may ask for quick re-checks,
// which are bounded, and a person may ask for a run now.
//
// Takes time from a TimerQueue only, so the same object schedules the daemon and a replay in simulated time; with one
// seed and one prober it does the same to the microsecond each time. One thread: the queue's.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "base/timer_queue.hpp"
#include "core/result.hpp"
#include "schedule/entry.hpp"
#include "schedule/manners.hpp"
#include "schedule/prober.hpp"
#include "schedule/settings.hpp"
#include "schedule/sliding_window.hpp"
#include "schedule/waiting_line.hpp"

namespace outaged::schedule {

/// Counts since the scheduler was made; `probes`, `running` and `waiting` are of the moment.
struct Stats {
  std::size_t probes = 0;
  std::size_t running = 0;
  std::size_t waiting = 0;
  std::uint64_t started = 0;
  std::uint64_t finished = 0;
  std::uint64_t missed_beats = 0;
  std::uint64_t late = 0;      ///< runs that began more than a quarter interval after they were due
  Micros worst_lateness{0};    ///< of scheduled runs and re-checks
  Micros total_lateness{0};    ///< divided by `started` it is the mean
  std::uint64_t rechecks = 0;  ///< granted
  std::uint64_t refused_rechecks = 0;
  std::uint64_t refrained = 0;  ///< beats left out: budget, back-off, spacing
  std::uint64_t given_up = 0;   ///< runs that never answered (Settings::give_up_after)
};

struct ProbeStats {
  std::uint64_t started = 0;
  std::uint64_t missed_beats = 0;
  std::optional<Instant> last_start;
  Micros last_lateness{0};  ///< how long after it was due the last run began
  Instant next_beat;        ///< without its jitter
  bool running = false;
  bool waiting = false;  ///< due, but `max_running` others are running
  /// Its target is left alone.
  std::optional<Rest> rest;
  std::optional<int> usage_percent;  ///< as Manners has it
};

class Scheduler {
 public:
  using Sink = std::function<void(Result)>;
  using ManualSink = std::function<void(const std::optional<Result>&)>;

  /// `queue` and `prober` must outlive the scheduler. `sink` gets every result, in the order of completion, and may
  /// call the scheduler. Answers of runs that were under way when the scheduler ends are dropped; whoever asked for one
  /// is told, before the destructor returns, that it has no result.
  Scheduler(TimerQueue& queue, Prober& prober, const Settings& settings, Random random, Sink sink);
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  ~Scheduler();

  /// From now on these are the probes. One that was there before with the same interval keeps its beat and its counts;
  /// new ones and those with another interval are spread over their first interval, beginning now. What runs of a
  /// removed probe may finish. Throws std::invalid_argument when an id occurs twice or an interval is not positive.
  void replace(const std::vector<Entry>& entries);

  /// Settings that hold from now on.
  void configure(const Settings& settings);

  /// Asks for an extra run `after` from now (plus jitter). True when a run that begins no earlier than now will follow;
  /// false when the bounds are reached, the probe is unknown, or the scheduler is paused or stopped. Requests for a
  /// probe that is already due for a re-check are one run, at the earlier time. Refused, too, where manners.hpp says
  /// so.
  bool request_recheck(const ProbeId& probe, Micros after);

  /// Runs a probe as soon as it is not running, before all that wait, paused or not; its result goes to `callback`,
  /// then to the sink. False (and the callback is never called) when there is no such probe or the scheduler is
  /// stopped, or it ran less than its spacing ago. Nothing goes to the callback when the run has no result: the prober
  /// or give_up_after gave it up, the probe was removed, or the scheduler stopped.
  bool run_now(std::size_t index, ManualSink callback);

  /// No further runs until resume(), but those asked for by run_now; what is running finishes. Beats that pass
  /// meanwhile are not missed: nobody wanted them.
  void pause();
  void resume();

  /// No further runs at all. Calls `idle` once nothing is running, perhaps at once.
  void stop(std::function<void()> idle);

  /// Counts what was asked of a probe's owner outside of its runs.
  void count(const ProbeId& probe, const std::vector<StepResult>& steps);

  [[nodiscard]] Stats stats() const;
  /// What was asked of each owner's targets within the last hour.
  [[nodiscard]] std::vector<Spending> spending() const;
  /// What outlives a restart: what was asked of whom, and who is left alone (manners.hpp).
  [[nodiscard]] std::string save() const;
  Expected<bool, std::string> load(const std::string& saved);
  /// `index` as in the list last given to replace().
  [[nodiscard]] ProbeStats probe_stats(std::size_t index) const;

 private:
  struct Probe;
  using Handle = std::shared_ptr<Probe>;

  void set_beat(const Handle& probe, Instant beat, Instant due);
  void on_beat(const Handle& probe);
  void on_recheck(const Handle& probe);
  void want(const Handle& probe, Trigger trigger, Instant due);
  void line_up(const Handle& probe);
  void start_waiting();
  void start(const Handle& probe);
  void on_done(const Handle& probe, std::uint64_t run, std::optional<Result> result);
  void end_run(const Handle& probe);
  /// Whether a run that begins now keeps its distance from the last one, and to what its target allows.
  [[nodiscard]] bool may_run(const Probe& probe, Trigger trigger, Instant at);
  void record_lateness(Probe& probe, Instant due);
  void silence(Probe& probe);
  void tell_when_idle();
  /// Between nothing and that share of a time.
  Micros random_share(Micros of, double share);

  TimerQueue& queue_;
  Prober& prober_;
  Settings settings_;
  Random random_;
  Sink sink_;
  std::vector<Handle> probes_;
  std::map<ProbeId, Handle> by_id_;
  std::map<std::uint64_t, Handle> under_way_;  ///< by the number of the run; removed probes are among them
  WaitingLine<Handle> line_;
  SlidingWindow rechecks_;
  Manners manners_;
  Stats stats_;
  std::uint64_t last_run_ = 0;
  bool paused_ = false;
  bool stopped_ = false;
  bool starting_ = false;
  std::function<void()> idle_;
  std::shared_ptr<Scheduler*> self_ = std::make_shared<Scheduler*>(this);
};

}  // namespace outaged::schedule
