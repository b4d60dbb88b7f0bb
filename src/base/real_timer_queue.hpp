#pragma once
// The machine's clock as a TimerQueue on an Asio io_context. One system timer serves all entries.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/timer_entries.hpp"

namespace outaged {

class RealTimerQueue final : public TimerQueue {
 public:
  /// How the queue's time relates to the machine's.
  struct Pace {
    double speed = 1.0;             ///< seconds of the queue per second of the machine; 1 is real time
    std::optional<WallTime> start;  ///< UTC at construction; the machine's own when absent
  };

  /// Runs callbacks on `io`, which must outlive the queue and be run by one thread.
  explicit RealTimerQueue(boost::asio::io_context& io) : RealTimerQueue(io, Pace{}) {}
  RealTimerQueue(boost::asio::io_context& io, Pace pace);
  ~RealTimerQueue() override;

  [[nodiscard]] Instant now() const override;
  /// In real time this follows the machine's clock, corrections included; in compressed time it never steps.
  [[nodiscard]] WallTime wall_now() const override;
  TimerId at(Instant when, Callback callback) override;
  bool cancel(TimerId timer) override;

 private:
  void arm();
  void fire();

  boost::asio::steady_timer timer_;
  TimerEntries entries_;
  Pace pace_;
  Instant origin_;
  WallTime wall_origin_;
  std::optional<Instant> armed_for_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace outaged
