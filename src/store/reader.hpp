#pragma once
// Reader: answers questions from the database, on a read-only connection of its own. Works beside a running writer and
// on the file of a daemon that stopped or was killed. One thread. Methods throw SQLite::Exception when the file fails
// while it is read; what they give is one consistent view per call.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/Database.h>

#include "base/expected.hpp"
#include "core/learned.hpp"
#include "core/leftover.hpp"
#include "core/result.hpp"
#include "detect/finding.hpp"
#include "incident/incident.hpp"
#include "store/rows.hpp"

namespace outaged::store {

class Reader {
 public:
  static constexpr int kMostReadForPage = 500'000;

  /// Or a sentence that says why not.
  static Expected<Reader, std::string> open(const std::string& path);

  std::vector<ProbeRow> probes();
  std::vector<ComponentStateRow> component_states();
  /// For every component of an active probe, over `least` before `now`, or over two intervals of the slowest of its
  /// probes where these are longer; of a component in `since` nothing is counted that began before. Latencies from at
  /// most the last 500 successes of a component in the whole window.
  std::vector<ComponentCounts> component_counts(WallTime now, Micros least,
                                                const std::map<ComponentId, WallTime>& since = {});
  std::optional<detect::SiteFinding> site();
  std::vector<detect::ProbeProblem> open_problems();

  /// Oldest first, whole.
  std::vector<incident::Incident> open_incidents();
  /// Newest first; those that were open at some time since `since`; at most `limit`.
  std::vector<incident::Incident> incidents(WallTime since, int limit);
  std::optional<incident::Incident> incident(IncidentId id);
  IncidentId last_incident_id();

  /// The last run of every probe; without its steps.
  std::vector<Result> latest_results();
  /// The last runs of one probe, newest first, whole.
  std::vector<Result> results(const ProbeId& probe, int limit);
  /// Is given one result after the other, so that nobody needs to hold them all.
  using TakeResult = std::function<void(const Result&)>;
  /// All runs that began at or after `since`, by time of beginning, without steps.
  void each_result_since(WallTime since, const TakeResult& take);
  /// The same at once.
  std::vector<Result> results_since(WallTime since);
  /// The last `most` of them, newest first.
  void each_latest_since(WallTime since, int most, const TakeResult& take);
  /// The same before `until`, for reading a long time in parts.
  std::vector<Result> results_between(WallTime since, WallTime until);
  /// When the first and the last stored run began; nothing when there is none.
  std::optional<std::pair<WallTime, WallTime>> result_span();

  /// The runs of a component's probes that began in [since, until), in no order; of each only when, how it ended and
  /// how long it took, with one step that sums up the phases, and the layer of its failure.
  void each_result_of(const ComponentId& component, WallTime since, WallTime until, const TakeResult& take);
  /// Runs, newest first, likewise; those that fit the filter and come after `before` in the list. Reads `most_read`
  /// rows at most: a filter that hardly anything fits gives short pages instead of a long wait.
  ResultPage results_page(const ResultFilter& filter, const ResultCursor& before, int limit,
                          int most_read = kMostReadForPage);
  /// The last run of every active probe, likewise.
  std::vector<Result> latest_results_summed();
  /// What components were believed to be at some time since `since`, by component and time.
  std::vector<ComponentInterval> component_intervals(WallTime since);
  /// Incidents whose number is below `before`, newest first, that were open at some time since `since`.
  std::vector<incident::Incident> incidents_page(WallTime since, IncidentId before, int limit);

  /// Changes whenever another connection has committed something.
  std::int64_t change_count();
  /// From now on a query that needs more than about `million_steps` million steps of SQLite's machine (each some
  /// nanoseconds) fails: whoever asks over the network cannot keep this thread busy.
  void limit_work(int million_steps = kMillionSteps);
  /// About a second.
  static constexpr int kMillionSteps = 60;

  /// Rows still to be sent, by ascending id.
  std::vector<OutboxEntry> pending_outbox();
  /// The last delivered row of every open incident on one channel.
  std::vector<OutboxEntry> standing_outbox(const std::string& channel);
  /// The last row of every open incident on every channel, whatever became of it, and all its reminders.
  std::vector<OutboxEntry> told_outbox();
  /// Rows whose id is below `before`, whatever became of them, newest first.
  std::vector<OutboxEntry> outbox_page(std::int64_t before, int limit);
  /// Whether it is a message that was given up; only these can be tried again.
  bool was_given_up(std::int64_t message);

  /// What probes have learned.
  std::vector<LearnedAnswer> learned_answers();
  /// What vendors say, by probe and subject.
  std::vector<VendorRow> vendor_claims();
  /// What probes have made and not deleted, oldest first.
  std::vector<Leftover> leftovers();
  std::vector<KnownAddress> known_addresses();
  std::vector<ChannelProblem> open_channel_problems();
  /// How many there were of each component since `from`.
  std::map<ComponentId, std::int64_t> user_reports(WallTime from);
  /// Those that are not over, oldest first; with `all`, every one that ever was.
  std::vector<Silence> silences(WallTime now, bool all = false);
  /// Those that were not ended, oldest first; with `all`, every one.
  std::vector<Maintenance> maintenances(bool all = false);
  /// The numbers given last.
  std::int64_t last_silence_id();
  std::int64_t last_maintenance_id();

  /// When the last run of any probe began.
  std::optional<WallTime> last_result_at();

  std::optional<DetectorState> detector_state(const std::string& name);
  std::optional<std::string> meta(const std::string& name);

 private:
  explicit Reader(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}
  std::vector<incident::Incident> incidents_where(const std::string& condition, WallTime since, int limit);
  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<int> work_;  ///< what is left of the limit of the current statement
};

}  // namespace outaged::store
