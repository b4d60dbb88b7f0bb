#include "base/sleep.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <doctest/doctest.h>

#include "base/simulated_timer_queue.hpp"

using namespace outaged;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// A simulated queue and the io_context that runs what sleeps on it.
struct Sleepers {
  asio::io_context io;
  SimulatedTimerQueue queue{WallTime{}};
  void run_for(Micros time) {
    queue.run_for(time, [this] {
      io.restart();
      io.poll();
    });
  }
};

asio::awaitable<void> doze(Sleepers* sleepers, Micros step, int steps, std::vector<Micros>* woke) {
  for (int i = 0; i < steps; ++i) {
    co_await sleep_until(sleepers->queue, sleepers->queue.now() + step);
    woke->push_back(sleepers->queue.now().time_since_epoch());
  }
}

using Code = std::optional<boost::system::error_code>;

void sleep_with_signal(Sleepers& sleepers, Micros time, asio::cancellation_signal& signal, Code& outcome) {
  auto handler = [&outcome](boost::system::error_code code) { outcome = code; };
  auto token = asio::bind_cancellation_slot(signal.slot(), asio::bind_executor(sleepers.io.get_executor(), handler));
  sleep_until(sleepers.queue, sleepers.queue.now() + time, token);
}

}  // namespace

TEST_CASE("coroutines wake in the order of their times") {
  Sleepers sleepers;
  std::vector<Micros> woke;
  asio::co_spawn(sleepers.io, doze(&sleepers, 2s, 3, &woke), asio::detached);
  asio::co_spawn(sleepers.io, doze(&sleepers, 3s, 2, &woke), asio::detached);
  sleepers.run_for(1h);
  CHECK(woke == std::vector<Micros>{2s, 3s, 4s, 6s, 6s});
}

TEST_CASE("a sleep that is cancelled ends at once with operation_aborted") {
  Sleepers sleepers;
  asio::cancellation_signal signal;
  Code outcome;
  sleep_with_signal(sleepers, 1h, signal, outcome);
  sleepers.run_for(1s);
  CHECK_FALSE(outcome);
  signal.emit(asio::cancellation_type::terminal);
  signal.emit(asio::cancellation_type::terminal);  // a second one finds nothing
  sleepers.run_for(1s);
  CHECK(outcome == Code{asio::error::operation_aborted});
}

TEST_CASE("cancelling after the time has come changes nothing") {
  Sleepers sleepers;
  asio::cancellation_signal signal;
  Code outcome;
  sleep_with_signal(sleepers, 1s, signal, outcome);
  SUBCASE("and the handler has run") {
    sleepers.run_for(2s);
  }
  SUBCASE("but the handler has not run yet") {
    sleepers.queue.run_for(2s);
  }
  signal.emit(asio::cancellation_type::terminal);
  sleepers.run_for(1s);
  CHECK(outcome == Code{boost::system::error_code{}});
}

TEST_CASE("a queue that ends lets the sleepers go without a word") {
  asio::cancellation_signal signal;
  Code outcome;
  {
    Sleepers sleepers;
    sleep_with_signal(sleepers, 1h, signal, outcome);
    sleepers.run_for(1s);
  }
  signal.emit(asio::cancellation_type::terminal);
  CHECK_FALSE(outcome);
}
