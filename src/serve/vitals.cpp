#include "serve/vitals.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/units.hpp"

namespace outaged::serve {
namespace {

using namespace std::chrono_literals;

/// As long as a channel may deliver nothing before it is a problem (notify/worker.hpp): what is younger may just be
/// slow.
constexpr Micros kPatience = 10min;

/// Messages to one channel that are still to be sent.
struct Queue {
  WallTime oldest = WallTime::max();
  WallTime last_due = WallTime::min();  ///< a receiver may make all wait for the one that is tried again
};

std::string outbox_trouble(store::Reader& reader, WallTime now) {
  std::map<std::string, Queue> queues;
  for (const auto& message : reader.pending_outbox()) {
    auto& queue = queues[message.channel];
    queue.oldest = std::min(queue.oldest, message.created);
    queue.last_due = std::max(queue.last_due, message.not_before);
  }
  std::set<std::string> problems;
  for (const auto& problem : reader.open_channel_problems()) problems.insert(problem.channel);
  for (const auto& [channel, queue] : queues) {
    if (problems.contains(channel) && now - queue.oldest > kPatience)
      return "messages to the channel " + channel + " have waited since " + format_time(queue.oldest);
    if (now - queue.last_due > kPatience)
      return "nobody sends the messages to the channel " + channel + " that are due since " +
             format_time(queue.last_due);
  }
  return {};
}

}  // namespace

std::string trouble_of(const Vitals& vitals, store::Reader& reader, WallTime now) {
  if (!vitals.scheduling) return "no probe is started: the scheduler stands still";
  if (!vitals.store.trouble.empty()) return "the database cannot be written: " + vitals.store.trouble;
  return outbox_trouble(reader, now);
}

}  // namespace outaged::serve
