#pragma once
// Worker: empties the outbox. Reads what is pending, sends what is due, records what became of it, waits for the next
// due time or a wake(). It keeps these promises:
//   - messages of one incident arrive on one channel in the order in which they were written;
//   - a channel has one request under way at a time, and respects the receiver's spacing and Retry-After;
//   - what fails in passing is tried again (exponential back-off with jitter) until it expires; what is refused is not;
//   - channels do not wait for one another;
//   - what a channel cannot deliver goes to its fallback; a channel that refuses or is out of reach for long is a
//     problem, raised once and cleared by the next delivery;
//   - after a long silence of the network people get one digest instead of a flood;
//   - a row counts as sent only when that is on disk: after a crash between the two it is sent once more, with the
//     same reference in its text.
// Nothing is kept but the outbox itself, so a new worker goes on where the last one ended.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "base/timer_queue.hpp"
#include "net/http.hpp"
#include "notify/outbox.hpp"
#include "notify/settings.hpp"

namespace outaged::notify {

/// Performs a request, resolving its host where needed, and calls back on the worker's thread, never from within.
using Send = std::function<void(Request, std::function<void(net::HttpExchange)>)>;

/// Waits between the attempts at one message: the n-th is drawn from the upper half of `first` × 2^(n-1), at most
/// `longest`. What the receiver asks for counts when it is longer, up to `longest_obeyed`.
struct Backoff {
  Micros first = std::chrono::seconds{2};
  Micros longest = std::chrono::minutes{5};
  Micros longest_obeyed = std::chrono::hours{1};
};
Micros backoff(const Backoff& backoff, int attempts, std::optional<Micros> retry_after, Random& random);

/// One thread: constructed, used and destroyed on that of `timers`. The references must outlive it.
class Worker {
 public:
  struct Parts {
    TimerQueue& timers;
    Outbox& outbox;
    Send send;
    Channels channels;
    Random random;
    Backoff backoff = {};
    Micros store_retry = std::chrono::seconds{2};  ///< pause after the outbox could not be read or written
    /// A channel that delivers nothing for so long is a problem, and its fallback takes over.
    Micros patience = std::chrono::minutes{10};
    /// Messages older than this come in a digest when there are `digest_from` of them or more.
    Micros late = std::chrono::minutes{15};
    std::size_t digest_from = 4;
    /// Messages to be written when a channel has become a problem; not set: none.
    std::function<std::vector<store::OutboxMessage>(const store::ChannelProblem&)> raise = {};
    /// Channels that were a problem when the last run ended.
    std::vector<store::ChannelProblem> problems = {};
    std::string site = {};  ///< for digests
  };
  explicit Worker(Parts parts);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Looks into the outbox soon: call it after construction and after each commit that wrote messages. Cheap.
  void wake();

  /// Sends `message` now, past outbox and spacing, and reports the receiver's own words (redacted). A channel that
  /// does not exist is reported as refused.
  void send_test(const std::string& channel, const Message& message, std::function<void(Reply)> done);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace outaged::notify
