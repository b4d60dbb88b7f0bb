#pragma once
// What the tests of the worker share: an outbox, when they begin, and a secret address.
#include <algorithm>
#include <string>
#include <vector>

#include "base/timer_queue.hpp"
#include "july_2019.hpp"
#include "notify/worker.hpp"

namespace outaged::test {

inline const auto kStart = utc("2019-07-03T13:10:00Z");
inline const std::string kHook = "https://hooks.slack.com/services/T0/B0/very-secret";

/// The outbox table in memory, with a disk that can be told to fail.
class TableOutbox final : public notify::Outbox {
 public:
  explicit TableOutbox(TimerQueue& timers) : timers_(timers) {}

  notify::OutboxRow& add(const std::string& channel, std::int64_t incident, const std::string& title = "t") {
    notify::Message message;
    message.title = title;
    message.incident = {incident};
    const auto id = static_cast<std::int64_t>(rows.size()) + 1;
    rows.push_back({id,
                    "r" + std::to_string(id),
                    {incident},
                    channel,
                    notify::to_payload(message),
                    timers_.wall_now(),
                    kStart,
                    kStart + std::chrono::hours{24},
                    0,
                    {}});
    return rows.back();
  }

  Expected<std::vector<notify::OutboxRow>, std::string> pending() override {
    if (unreadable) return Unexpected{std::string{"disk I/O error"}};
    std::vector<notify::OutboxRow> out;
    for (const auto& row : rows) {
      if (std::ranges::find(finished, row.id) == finished.end()) out.push_back(row);
    }
    return out;
  }

  Expected<std::vector<notify::OutboxRow>, std::string> standing(const std::string& channel) override {
    std::vector<notify::OutboxRow> out;
    for (const auto& row : rows) {
      const auto said = outcomes(row.id);
      if (row.channel == channel && !said.empty() && said.back() == "delivered") out.push_back(row);
    }
    return out;
  }

  void record(const notify::Settlement& settlement, std::function<void(bool)> done) override {
    const bool ok = failing_writes == 0;
    if (!ok) --failing_writes;
    timers_.at(timers_.now(), [this, settlement, done = std::move(done), ok] {
      for (const auto& delivery : settlement.deliveries) {
        if (ok) keep(delivery);
      }
      if (ok && settlement.problem) problems.push_back(*settlement.problem);
      if (ok) notices.insert(notices.end(), settlement.notices.begin(), settlement.notices.end());
      done(ok);
    });
  }

  std::vector<std::string> outcomes(std::int64_t row) const {
    std::vector<std::string> out;
    for (const auto& delivery : deliveries) {
      if (delivery.row == row) out.emplace_back(to_string(delivery.outcome));
    }
    return out;
  }

  std::vector<notify::OutboxRow> rows;
  std::vector<notify::Delivery> deliveries;
  std::vector<store::ChannelProblem> problems;
  std::vector<store::OutboxMessage> notices;
  bool unreadable = false;
  int failing_writes = 0;

 private:
  void keep(const notify::Delivery& delivery) {
    deliveries.push_back(delivery);
    rows.reserve(rows.size() + 1);
    auto& row = rows.at(static_cast<std::size_t>(delivery.row) - 1);
    ++row.attempts;
    if (!delivery.handle.empty()) {
      for (auto& other : rows) {
        if (other.channel == row.channel && other.incident == row.incident) other.handle = delivery.handle;
      }
    }
    if (!delivery.fallback.empty()) {
      auto copy = row;
      copy.id = static_cast<std::int64_t>(rows.size()) + 1;
      copy.channel = delivery.fallback;
      copy.attempts = 0;
      const bool there = std::ranges::any_of(
          rows, [&](const auto& one) { return one.channel == copy.channel && one.reference == copy.reference; });
      if (!there) rows.push_back(copy);
    }
    if (delivery.outcome == notify::DeliveryOutcome::retry) {
      row.not_before = delivery.next_attempt;
    } else {
      finished.push_back(row.id);
    }
  }

  TimerQueue& timers_;
  std::vector<std::int64_t> finished;
};

}  // namespace outaged::test
