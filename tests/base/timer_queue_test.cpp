#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/real_timer_queue.hpp"
#include "base/simulated_timer_queue.hpp"

using namespace outaged;
using namespace std::chrono_literals;

namespace {

/// What both kinds of queue promise, tried on one of them: `run` makes a second of its time pass.
template <class Run>
void keeps_its_promises(TimerQueue& queue, const Run& run) {
  const Instant now = queue.now();
  std::string fired;
  const auto note = [&fired](char c) { return [&fired, c] { fired += c; }; };

  queue.at(now + 30ms, note('c'));
  queue.at(now + 10ms, note('a'));
  queue.at(now + 30ms, note('d'));
  const auto cancelled = queue.at(now + 20ms, note('x'));
  queue.at(now + 20ms, note('b'));
  queue.at(now - 1h, note('0'));  // long due, and yet not from within at()
  CHECK(fired.empty());
  CHECK(queue.cancel(cancelled));
  CHECK_FALSE(queue.cancel(cancelled));

  // One that cancels another of the same instant, and itself in vain; and one that sets another.
  TimerQueue::TimerId self{};
  TimerQueue::TimerId later{};
  self = queue.at(now + 40ms, [&] {
    fired += 'e';
    CHECK_FALSE(queue.cancel(self));
    CHECK(queue.cancel(later));
    queue.at(now + 35ms, [&] { fired += 'f'; });
  });
  later = queue.at(now + 40ms, note('y'));
  run();
  CHECK(fired == "0abcdef");
}

}  // namespace

TEST_CASE("a simulated queue keeps order and cancels") {
  SimulatedTimerQueue queue{WallTime{}};
  keeps_its_promises(queue, [&] { queue.run_for(1s); });
}

TEST_CASE("a real queue keeps order and cancels") {
  boost::asio::io_context io;
  RealTimerQueue queue{io};
  keeps_its_promises(queue, [&] { io.run(); });
}

TEST_CASE("a compressed queue keeps order and cancels") {
  boost::asio::io_context io;
  RealTimerQueue queue{io, {.speed = 100, .start = WallTime{}}};
  keeps_its_promises(queue, [&] { io.run(); });
}

TEST_CASE("simulated time jumps from timer to timer and ends where it was told") {
  SimulatedTimerQueue queue{WallTime{} + 24h};
  std::vector<Micros> seen;
  queue.at(Instant{} + 3h, [&] {
    seen.push_back(queue.now().time_since_epoch());
    CHECK(queue.wall_now() == WallTime{} + 27h);
    queue.at(queue.now() + 1h, [&] { seen.push_back(queue.now().time_since_epoch()); });
  });
  queue.at(Instant{} + 11h, [&] { seen.emplace_back(0); });
  queue.run_until(Instant{} + 10h);
  CHECK(seen == std::vector<Micros>{3h, 4h});
  CHECK(queue.now() == Instant{} + 10h);
  queue.run_for(1h);
  CHECK(seen.size() == 3);
}

TEST_CASE("compressed time passes faster and begins where it was told") {
  boost::asio::io_context io;
  const WallTime start = WallTime{} + 24h * 18000;
  RealTimerQueue queue{io, {.speed = 36'000, .start = start}};
  bool fired = false;
  const Instant due = queue.now() + 1h;  // a tenth of a second
  queue.at(due, [&] {
    fired = true;
    CHECK(queue.now() >= due);
  });
  io.run();
  CHECK(fired);
  CHECK(queue.wall_now() >= start + 1h);
}

TEST_CASE("a real timer never fires before its time") {
  boost::asio::io_context io;
  RealTimerQueue queue{io};
  int early = 0;
  for (int i = 1; i <= 50; ++i) {
    const Instant due = queue.now() + Micros{i * 731};
    queue.at(due, [&, due] { early += queue.now() < due ? 1 : 0; });
  }
  io.run();
  CHECK(early == 0);
}

TEST_CASE("a timer at the end of time can be set and holds nobody up") {
  boost::asio::io_context io;
  RealTimerQueue queue{io};
  bool near = false;
  bool far = false;
  queue.at(Instant::max(), [&] { far = true; });
  queue.at(queue.now() + 1ms, [&] {
    near = true;
    io.stop();
  });
  io.run();
  CHECK(near);
  CHECK_FALSE(far);
}

TEST_CASE("a queue may end within a callback or with timers set") {
  boost::asio::io_context io;
  auto queue = std::make_unique<RealTimerQueue>(io);
  bool later = false;
  queue->at(queue->now(), [&] { queue.reset(); });
  queue->at(queue->now(), [&] { later = true; });
  io.run();
  CHECK_FALSE(queue);
  CHECK_FALSE(later);
}

TEST_CASE("whatever is set and cancelled fires in order of time and setting") {
  CHECK(rc::check("order", [] {
    const auto plan = *rc::gen::container<std::vector<std::pair<int, bool>>>(
        rc::gen::pair(rc::gen::inRange(0, 20), rc::gen::arbitrary<bool>()));
    SimulatedTimerQueue queue{WallTime{}};
    std::vector<std::pair<int, std::size_t>> fired;
    std::vector<std::pair<int, std::size_t>> expected;
    std::vector<TimerQueue::TimerId> cancelled;
    for (std::size_t i = 0; i < plan.size(); ++i) {
      const auto [when, keep] = plan[i];
      const auto id =
          queue.at(Instant{} + Micros{when}, [&fired, entry = std::pair{when, i}] { fired.push_back(entry); });
      if (keep) {
        expected.emplace_back(when, i);
      } else {
        cancelled.push_back(id);
      }
    }
    for (const auto id : cancelled) RC_ASSERT(queue.cancel(id));
    queue.run_for(1s);
    std::ranges::sort(expected);
    RC_ASSERT(fired == expected);
  }));
}
