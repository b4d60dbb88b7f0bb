#pragma once
// Notifier: the notify thread. Runs the worker on an io_context of its own, so that a slow receiver delays nothing but
// messages.
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/expected.hpp"
#include "base/random.hpp"
#include "base/real_timer_queue.hpp"
#include "notify/worker.hpp"
#include "store/writer.hpp"

namespace outaged::notify {

class Notifier {
 public:
  struct Parts {
    Channels channels;
    std::string database;   ///< path; the outbox is read on a connection of the notifier's own
    store::Writer& writer;  ///< must outlive the notifier
    /// Makes what performs requests; its product is used and destroyed on the notify thread, where it is called. When
    /// it throws it is called again after a while.
    std::function<Send(boost::asio::io_context&)> make_send;
    RealTimerQueue::Pace pace = {};
    Random random = Random::unpredictable();
    Backoff backoff = {};
    std::string site = {};
    /// Messages to be written when a channel has become a problem; called on the notify thread.
    std::function<std::vector<store::OutboxMessage>(const store::ChannelProblem&)> raise = {};
    std::string heartbeat = {};  ///< its address; empty: none
    Micros heartbeat_interval = std::chrono::minutes{1};
  };

  /// Starts the thread, which at once looks for messages that an earlier run left; or says why it cannot.
  static Expected<std::unique_ptr<Notifier>, std::string> start(Parts parts);
  /// Ends the thread. A request under way is abandoned; its message stays in the outbox.
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// After a commit that wrote messages. Any thread.
  void wake();

  /// Sends `message` to one channel now; `done` gets the receiver's own words, on the notify thread. Any thread.
  void send_test(std::string channel, Message message, std::function<void(Reply)> done);

  /// Another try at a message that was given up; 0: at all of them. `done` is called after the commit, on the writer's
  /// thread. Any thread.
  void retry(std::int64_t row, std::function<void()> done);

 private:
  struct Impl;
  explicit Notifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::notify
