#pragma once
// The ordered set of timers that both kinds of TimerQueue keep: by time, and in the order of setting within one time.
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/timer_queue.hpp"

namespace outaged {

class TimerEntries {
 public:
  TimerQueue::TimerId add(Instant when, TimerQueue::Callback callback) {
    const auto id = TimerQueue::TimerId{++last_};
    entries_.emplace(std::pair{when, last_}, std::move(callback));
    times_.emplace(last_, when);
    return id;
  }

  bool remove(TimerQueue::TimerId id) {
    const auto found = times_.find(static_cast<std::uint64_t>(id));
    if (found == times_.end()) return false;
    entries_.erase(std::pair{found->second, found->first});
    times_.erase(found);
    return true;
  }

  [[nodiscard]] std::optional<Instant> earliest() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.begin()->first.first;
  }

  /// Takes out the first entry that is due at `now`; an empty function when there is none.
  TimerQueue::Callback pop_due(Instant now) {
    if (entries_.empty() || entries_.begin()->first.first > now) return {};
    auto node = entries_.extract(entries_.begin());
    times_.erase(node.key().second);
    return std::move(node.mapped());
  }

 private:
  std::map<std::pair<Instant, std::uint64_t>, TimerQueue::Callback> entries_;
  std::unordered_map<std::uint64_t, Instant> times_;
  std::uint64_t last_ = 0;
};

}  // namespace outaged
