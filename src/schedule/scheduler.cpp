#include "schedule/scheduler.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "schedule/spread.hpp"

namespace outaged::schedule {
namespace {

/// Tells all of them and forgets them; any of them may ask again.
void answer(std::vector<Scheduler::ManualSink>& askers, const std::optional<Result>& result) {
  const auto now = std::exchange(askers, {});
  for (const auto& callback : now) callback(result);
}

}  // namespace

struct Scheduler::Probe {
  struct Wish {
    Trigger trigger;
    Instant due;
    /// Stands for a beat of the grid. An extra run that is there when a beat comes stands for it as well.
    bool for_beat;
  };

  Entry entry;
  std::size_t index = 0;
  bool removed = false;
  Instant beat;  ///< the next one of the grid
  Instant due;   ///< that beat with its jitter
  std::optional<TimerQueue::TimerId> beat_timer;
  std::optional<TimerQueue::TimerId> recheck_timer;
  Instant recheck_due;
  SlidingWindow rechecks;
  std::optional<Wish> wish;          ///< wants to run: in the line, or after its own run under way
  std::optional<std::uint64_t> run;  ///< the number of its run under way
  bool run_for_beat = false;
  std::vector<ManualSink> asked;  ///< who wait for the next run to begin and end
  std::vector<ManualSink> told;   ///< who get the result of the run under way
  ProbeStats stats;
};

Scheduler::Scheduler(TimerQueue& queue, Prober& prober, const Settings& settings, Random random, Sink sink)
    : queue_(queue), prober_(prober), settings_(settings), random_(random), sink_(std::move(sink)) {}

Scheduler::~Scheduler() {
  stopped_ = true;  // whoever is told now may ask again
  self_.reset();
  for (const Handle& probe : probes_) silence(*probe);
  for (const auto& [run, probe] : under_way_) answer(probe->told, std::nullopt);
  for (const Handle& probe : probes_) answer(probe->asked, std::nullopt);
}

void Scheduler::replace(const std::vector<Entry>& entries) {
  std::set<ProbeId> ids;
  for (const Entry& entry : entries) {
    if (!ids.insert(entry.id).second)
      throw std::invalid_argument(fmt::format("schedule: the probe {} occurs twice", entry.id.name));
    if (entry.interval <= Micros{0})
      throw std::invalid_argument(fmt::format("schedule: the interval of {} is not positive", entry.id.name));
  }
  auto before = std::exchange(by_id_, {});
  probes_.clear();
  std::vector<Handle> fresh;
  std::vector<Entry> fresh_entries;
  for (const Entry& entry : entries) {
    auto known = before.extract(entry.id);
    const Handle probe = known ? known.mapped() : std::make_shared<Probe>();
    if (!known || probe->entry.interval != entry.interval) {
      fresh.push_back(probe);
      fresh_entries.push_back(entry);
    }
    probe->entry = entry;
    probe->index = probes_.size();
    probes_.push_back(probe);
    by_id_.emplace(entry.id, probe);
  }
  for (const auto& [id, probe] : before) {
    probe->removed = true;
    silence(*probe);
    answer(probe->asked, std::nullopt);
  }
  line_.drop([](const Handle& probe) { return probe->removed; });
  if (stopped_) return;
  const Instant now = queue_.now();
  const auto beats = first_beats(fresh_entries, random_);
  // Without jitter, which could carry the last ones out of their first interval.
  for (std::size_t i = 0; i < fresh.size(); ++i) set_beat(fresh[i], now + beats[i], now + beats[i]);
}

void Scheduler::configure(const Settings& settings) {
  settings_ = settings;
  start_waiting();
}

// --- wishes ----------------------------------------------------------------------------------------------------------

void Scheduler::set_beat(const Handle& probe, Instant beat, Instant due) {
  if (probe->beat_timer) queue_.cancel(*probe->beat_timer);
  probe->beat = beat;
  probe->due = due;
  probe->beat_timer = queue_.at(due, [this, probe] { on_beat(probe); });
}

void Scheduler::on_beat(const Handle& probe) {
  const Instant now = queue_.now();
  const Instant due = probe->due;
  const Micros interval = probe->entry.interval;
  // More than one when the whole loop stood still: the earlier ones are lost, the grid stays.
  const auto beats = 1 + std::max<Micros::rep>(0, (now - probe->beat) / interval);
  const Instant next = probe->beat + beats * interval;
  probe->beat_timer.reset();
  set_beat(probe, next, next + random_share(interval, settings_.jitter));
  if (paused_) return;

  if (probe->run && now - *probe->stats.last_start >= settings_.give_up_after) {
    ++stats_.given_up;
    end_run(probe);
    answer(probe->told, std::nullopt);
  }
  auto missed = static_cast<std::uint64_t>(beats) - 1;
  if (probe->run || probe->wish) {
    bool& for_beat = probe->wish ? probe->wish->for_beat : probe->run_for_beat;
    if (std::exchange(for_beat, true)) ++missed;
    start_waiting();
  } else if (may_run(*probe, Trigger::scheduled, now)) {
    want(probe, Trigger::scheduled, due);
  } else {
    ++stats_.refrained;
  }
  probe->stats.missed_beats += missed;
  stats_.missed_beats += missed;
}

bool Scheduler::request_recheck(const ProbeId& id, Micros after) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || paused_ || stopped_) return false;
  const Handle& probe = found->second;
  const Instant now = queue_.now();
  if (!may_run(*probe, Trigger::recheck, now + after)) {
    ++stats_.refused_rechecks;
    return false;
  }
  const Instant due = now + after + random_share(after, settings_.recheck.jitter);
  if (probe->recheck_timer) {
    if (due >= probe->recheck_due) return true;
    queue_.cancel(*probe->recheck_timer);
  } else {
    const auto& bounds = settings_.recheck;
    const bool granted = probe->rechecks.count(now, bounds.window) < static_cast<std::size_t>(bounds.per_probe) &&
                         rechecks_.count(now, bounds.window) < static_cast<std::size_t>(bounds.total);
    if (!granted) {
      ++stats_.refused_rechecks;
      return false;
    }
    ++stats_.rechecks;
    probe->rechecks.add(now);
    rechecks_.add(now);
  }
  probe->recheck_due = due;
  probe->recheck_timer = queue_.at(due, [this, probe] { on_recheck(probe); });
  return true;
}

void Scheduler::on_recheck(const Handle& probe) {
  probe->recheck_timer.reset();
  if (!paused_ && !probe->wish) want(probe, Trigger::recheck, probe->recheck_due);
}

bool Scheduler::run_now(std::size_t index, ManualSink callback) {
  if (stopped_ || index >= probes_.size()) return false;
  const Handle probe = probes_[index];
  if (!may_run(*probe, Trigger::manual, queue_.now())) return false;
  probe->asked.push_back(std::move(callback));
  if (probe->wish && !probe->run) line_.drop([&](const Handle& waiting) { return waiting == probe; });
  want(probe, Trigger::manual, queue_.now());
  return true;
}

void Scheduler::want(const Handle& probe, Trigger trigger, Instant due) {
  const bool for_beat = trigger == Trigger::scheduled || (probe->wish && probe->wish->for_beat);
  probe->wish = Probe::Wish{trigger, due, for_beat};
  if (probe->run) return;
  line_up(probe);
  start_waiting();
}

void Scheduler::line_up(const Handle& probe) {
  if (probe->wish->trigger == Trigger::manual) {
    line_.push_first(probe);
  } else {
    line_.push(probe->entry.owner, probe);
  }
}

// --- runs ------------------------------------------------------------------------------------------------------------

void Scheduler::start_waiting() {
  // A prober may answer from within run(); the loop below then goes on, instead of another one inside it.
  if (starting_) return;
  starting_ = true;
  while (!line_.empty() && stats_.running < static_cast<std::size_t>(settings_.max_running)) start(line_.take());
  starting_ = false;
}

void Scheduler::start(const Handle& probe) {
  const auto wish = *std::exchange(probe->wish, std::nullopt);
  const std::uint64_t run = ++last_run_;
  probe->run = run;
  probe->run_for_beat = wish.for_beat;
  probe->told = std::exchange(probe->asked, {});
  probe->stats.last_start = queue_.now();
  ++probe->stats.started;
  ++stats_.started;
  ++stats_.running;
  under_way_.emplace(run, probe);
  if (wish.trigger != Trigger::manual) record_lateness(*probe, wish.due);
  prober_.run(probe->index, wish.trigger, [self = std::weak_ptr(self_), probe, run](std::optional<Result> result) {
    if (const auto scheduler = self.lock()) (*scheduler)->on_done(probe, run, std::move(result));
  });
}

bool Scheduler::may_run(const Probe& probe, Trigger trigger, Instant at) {
  const auto& last = probe.stats.last_start;
  if (last && at < *last + probe.entry.spacing) return false;
  // Every other beat, as far from the last one as jitter lets it be.
  const bool half_as_often = trigger == Trigger::scheduled && manners_.usage_percent(probe.entry, queue_.now());
  if (half_as_often && last && at < *last + probe.entry.interval * 3 / 2) return false;
  return manners_.allows(probe.entry, trigger, settings_, queue_.now());
}

void Scheduler::record_lateness(Probe& probe, Instant due) {
  const Micros lateness = queue_.now() - due;
  probe.stats.last_lateness = lateness;
  stats_.total_lateness += lateness;
  stats_.worst_lateness = std::max(stats_.worst_lateness, lateness);
  if (lateness > probe.entry.interval / 4) ++stats_.late;
}

void Scheduler::on_done(const Handle& probe, std::uint64_t run, std::optional<Result> result) {
  if (probe->run != run) return;  // given up, and perhaps running again
  auto told = std::exchange(probe->told, {});
  ++stats_.finished;
  end_run(probe);
  if (result) manners_.spent(probe->entry, *result, queue_.now());
  answer(told, result);
  if (result && !probe->removed) sink_(std::move(*result));
  start_waiting();
  tell_when_idle();
}

void Scheduler::end_run(const Handle& probe) {
  under_way_.erase(*std::exchange(probe->run, std::nullopt));
  --stats_.running;
  if (probe->wish) line_up(probe);
}

// --- pausing and ending ----------------------------------------------------------------------------------------------

void Scheduler::pause() {
  paused_ = true;
  for (const Handle& probe : probes_) {
    if (probe->wish && probe->wish->trigger != Trigger::manual) probe->wish.reset();
  }
  line_.drop([](const Handle& probe) { return !probe->wish; });
}

void Scheduler::resume() {
  paused_ = false;
}

void Scheduler::stop(std::function<void()> idle) {
  stopped_ = true;
  idle_ = std::move(idle);
  for (const Handle& probe : probes_) silence(*probe);
  line_.drop([](const Handle&) { return true; });
  for (const Handle& probe : probes_) answer(probe->asked, std::nullopt);
  tell_when_idle();
}

void Scheduler::silence(Probe& probe) {
  if (probe.beat_timer) queue_.cancel(*probe.beat_timer);
  if (probe.recheck_timer) queue_.cancel(*probe.recheck_timer);
  probe.beat_timer.reset();
  probe.recheck_timer.reset();
  probe.wish.reset();
}

void Scheduler::tell_when_idle() {
  if (!stopped_ || stats_.running > 0 || !idle_) return;
  const auto idle = std::exchange(idle_, {});
  idle();
}

// --- what is known ---------------------------------------------------------------------------------------------------

Stats Scheduler::stats() const {
  Stats out = stats_;
  out.probes = probes_.size();
  out.waiting = line_.size();
  return out;
}

void Scheduler::count(const ProbeId& probe, const std::vector<StepResult>& steps) {
  const auto found = by_id_.find(probe);
  if (found != by_id_.end()) manners_.count(found->second->entry.owner, steps, queue_.now());
}

std::vector<Spending> Scheduler::spending() const {
  return manners_.spending(settings_, queue_.now());
}

std::string Scheduler::save() const {
  return manners_.save(queue_.now(), queue_.wall_now()).dump();
}

Expected<bool, std::string> Scheduler::load(const std::string& saved) {
  return manners_.load(nlohmann::json::parse(saved, nullptr, false), queue_.now(), queue_.wall_now());
}

ProbeStats Scheduler::probe_stats(std::size_t index) const {
  const Probe& probe = *probes_.at(index);
  ProbeStats out = probe.stats;
  out.next_beat = probe.beat;
  out.running = probe.run.has_value();
  out.rest = manners_.rest(probe.entry, queue_.now());
  out.usage_percent = manners_.usage_percent(probe.entry, queue_.now());
  out.waiting = probe.wish.has_value() && !probe.run;
  return out;
}

Micros Scheduler::random_share(Micros of, double share) {
  return Micros{static_cast<Micros::rep>(random_.uniform() * share * static_cast<double>(of.count()))};
}

}  // namespace outaged::schedule
