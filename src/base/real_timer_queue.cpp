#include "base/real_timer_queue.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <boost/asio/error.hpp>

namespace outaged {
namespace {
// A system timer counts nanoseconds and cannot hold every Instant; one that fires early only looks and waits again.
constexpr double kLongestWait = 3'600e6;
}  // namespace

RealTimerQueue::RealTimerQueue(boost::asio::io_context& io, Pace pace)
    : timer_(io), pace_(pace), origin_(MonotonicClock::now()), wall_origin_(pace.start.value_or(wall_clock_now())) {}

RealTimerQueue::~RealTimerQueue() {
  *alive_ = false;
}

Instant RealTimerQueue::now() const {
  const Instant machine = MonotonicClock::now();
  if (pace_.speed == 1.0) return machine;
  const auto elapsed = static_cast<double>((machine - origin_).count()) * pace_.speed;
  return origin_ + Micros{std::llround(elapsed)};
}

WallTime RealTimerQueue::wall_now() const {
  if (pace_.speed == 1.0 && !pace_.start) return wall_clock_now();
  return wall_origin_ + (now() - origin_);
}

TimerQueue::TimerId RealTimerQueue::at(Instant when, Callback callback) {
  const TimerId id = entries_.add(when, std::move(callback));
  arm();
  return id;
}

bool RealTimerQueue::cancel(TimerId timer) {
  return entries_.remove(timer);
}

void RealTimerQueue::arm() {
  const auto earliest = entries_.earliest();
  if (!earliest || (armed_for_ && *armed_for_ <= *earliest)) return;
  armed_for_ = earliest;
  const auto wait = static_cast<double>((*earliest - now()).count()) / pace_.speed;
  timer_.expires_after(Micros{std::llround(std::clamp(std::ceil(wait), 0.0, kLongestWait))});
  timer_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
    if (!*alive || error == boost::asio::error::operation_aborted) return;
    fire();
  });
}

void RealTimerQueue::fire() {
  armed_for_.reset();
  // A callback may destroy the queue, so its life is looked at after each.
  const auto alive = alive_;
  const Instant present = now();
  while (auto callback = entries_.pop_due(present)) {
    callback();
    if (!*alive) return;
  }
  arm();
}

}  // namespace outaged
