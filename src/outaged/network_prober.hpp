#pragma once
// The scheduler's prober that asks the real network.
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/timer_queue.hpp"
#include "probe/runner.hpp"
#include "schedule/prober.hpp"

namespace outaged::daemon {

class NetworkProber final : public schedule::Prober {
 public:
  /// `probes` in the order of the list given to the scheduler. `compressed`: the clock of `timers` runs faster than the
  /// network, so a run is said to have begun as long before its end as it took, not all that the clock has run
  /// meanwhile. The references must outlive this.
  NetworkProber(boost::asio::io_context& io, const TimerQueue& timers, bool compressed, probe::Runner& runner,
                std::vector<std::shared_ptr<const probe::Definition>> probes)
      : io_(io), timers_(timers), compressed_(compressed), runner_(runner), probes_(std::move(probes)) {}

  void run(std::size_t index, Trigger trigger, Done done) override;

 private:
  boost::asio::io_context& io_;
  const TimerQueue& timers_;
  bool compressed_;
  probe::Runner& runner_;
  std::vector<std::shared_ptr<const probe::Definition>> probes_;
};

}  // namespace outaged::daemon
