#include "replay/run.hpp"

#include <algorithm>
#include <deque>
#include <queue>
#include <unordered_map>

#include "base/simulated_timer_queue.hpp"
#include "schedule/scheduler.hpp"

namespace outaged::replay {
namespace {

using namespace std::chrono_literals;

constexpr Micros kDisorder = 5s;
/// How far from a run's beginning the result may have begun that answers it.
constexpr Micros kNearest = 5s;

/// Drops what comes too late and counts.
class InOrder {
 public:
  explicit InOrder(ResultSource& source, Rows& rows) : source_(source), rows_(rows) {}

  std::optional<Result> next() {
    while (auto result = source_.next()) {
      ++rows_.read;
      latest_ = std::max(latest_, result->at);
      if (result->at >= latest_ - kDisorder) return result;
      ++rows_.late;
    }
    return std::nullopt;
  }

 private:
  ResultSource& source_;
  Rows& rows_;
  WallTime latest_ = WallTime::min() + kDisorder;
};

/// The results around the present, by probe.
class Answers {
 public:
  Answers(ResultSource& source, Rows& rows) : in_order_(source, rows), rows_(rows) {
    for (const auto& probe : source.probes()) {
      index_of_.emplace(probe.id.name, by_probe_.size());
      by_probe_.emplace_back();
    }
    ahead_ = in_order_.next();
  }

  [[nodiscard]] std::optional<WallTime> begins() const { return ahead_ ? std::optional{ahead_->at} : std::nullopt; }
  /// False when no result remains that begins at or after `time`.
  [[nodiscard]] bool reach(WallTime time) const { return ahead_.has_value() || last_ >= time; }

  std::optional<Result> nearest(std::size_t probe, WallTime at) {
    read_until(at + kNearest + kDisorder);
    auto& results = by_probe_[probe];
    while (!results.empty() && results.front().result.at < at - kNearest) results.pop_front();
    Answer* best = nullptr;
    for (Answer& one : results) {
      // What has answered is known; it is no second witness.
      if (one.used || one.result.at > at + kNearest) continue;
      if (best == nullptr || distance(one.result.at, at) < distance(best->result.at, at)) best = &one;
    }
    if (best == nullptr) return std::nullopt;
    ++rows_.used;
    best->used = true;
    return best->result;
  }

 private:
  struct Answer {
    Result result;
    bool used = false;
  };
  static Micros distance(WallTime one, WallTime other) { return std::max(one, other) - std::min(one, other); }

  void read_until(WallTime time) {
    while (ahead_ && ahead_->at <= time) {
      last_ = std::max(last_, ahead_->at);
      auto& results = by_probe_[index_of_.at(ahead_->probe.name)];
      // A probe that is not asked keeps no more than what could still answer.
      while (!results.empty() && results.front().result.at < ahead_->at - kNearest * 4) results.pop_front();
      results.push_back({std::move(*ahead_), false});
      ahead_ = in_order_.next();
    }
  }

  InOrder in_order_;
  Rows& rows_;
  std::unordered_map<std::string, std::size_t> index_of_;
  std::vector<std::deque<Answer>> by_probe_;
  std::optional<Result> ahead_;
  WallTime last_ = WallTime::min();
};

/// Answers a run with the nearest result, and not before that result was known.
class NearestProber final : public schedule::Prober {
 public:
  NearestProber(TimerQueue& queue, Answers& answers) : queue_(queue), answers_(answers) {}

  void run(std::size_t index, Trigger trigger, Done done) override {
    const WallTime now = queue_.wall_now();
    auto result = answers_.nearest(index, now);
    Instant end = queue_.now();
    if (result) {
      result->at = std::max(result->at, now);
      result->trigger = trigger;
      end += result->known_at() - now;
    }
    queue_.at(end, [done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
  }

 private:
  TimerQueue& queue_;
  Answers& answers_;
};

}  // namespace

Rows run_all(ResultSource& source, Replay& replay) {
  struct Later {
    bool operator()(const Result& one, const Result& other) const { return one.known_at() > other.known_at(); }
  };
  Rows rows;
  InOrder in_order{source, rows};
  std::vector<Result> waiting;  // a heap: what is known first on top
  const auto take_until = [&](WallTime until) {
    while (!waiting.empty() && waiting.front().known_at() <= until) {
      std::ranges::pop_heap(waiting, Later{});
      replay.take(waiting.back());
      waiting.pop_back();
      ++rows.used;
    }
  };
  while (auto result = in_order.next()) {
    take_until(result->at - kDisorder);
    waiting.push_back(std::move(*result));
    std::ranges::push_heap(waiting, Later{});
  }
  take_until(WallTime::max());
  return rows;
}

Rows run_sampled(ResultSource& source, Replay& replay, Micros interval, const schedule::Settings& settings) {
  Rows rows;
  Answers answers{source, rows};
  const auto begin = answers.begins();
  if (!begin) return rows;
  SimulatedTimerQueue queue{*begin};
  NearestProber prober{queue, answers};
  std::unique_ptr<schedule::Scheduler> scheduler;
  std::optional<TimerQueue::TimerId> armed;
  const std::function<void()> arm = [&] {
    if (armed) queue.cancel(*armed);
    armed.reset();
    const auto due = replay.next_deadline();
    if (!due) return;
    const auto when = queue.now() + std::max(Micros{1}, *due - queue.wall_now());
    armed = queue.at(when, [&] {
      armed.reset();
      for (const auto& one : replay.advance(queue.wall_now())) scheduler->request_recheck(one.probe, one.after);
      arm();
    });
  };
  scheduler = std::make_unique<schedule::Scheduler>(queue, prober, settings, Random{1}, [&](const Result& result) {
    for (const auto& one : replay.take(result)) scheduler->request_recheck(one.probe, one.after);
    arm();
  });
  std::vector<schedule::Entry> entries;
  for (const auto& probe : source.probes()) entries.push_back({probe.id, interval, probe.component.platform});
  scheduler->replace(entries);
  while (answers.reach(queue.wall_now())) queue.run_for(interval);
  return rows;
}

}  // namespace outaged::replay
