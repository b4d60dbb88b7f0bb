#pragma once
// Leftovers: keeps account of what authenticated probes have made on a platform, in the database, and deletes what a
// run did not come to delete, because it failed or outaged ended: when outaged starts, and now and then. One thread,
// that of the probes.
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "base/timer_queue.hpp"
#include "probe/runner.hpp"
#include "store/writer.hpp"

namespace outaged::daemon {

class Leftovers {
 public:
  using Probes = std::vector<std::shared_ptr<const probe::Definition>>;

  /// Told what deleting took, on behalf of which probe.
  using OnAsked = std::function<void(const ProbeId& probe, const std::vector<StepResult>& steps)>;

  /// All must outlive this. Listens to the runner from now on.
  Leftovers(boost::asio::io_context& io, probe::Runner& runner, TimerQueue& timers, store::Writer& writer,
            const Probes& probes, OnAsked on_asked);

  /// What earlier runs of outaged have left behind; is deleted soon.
  void restore(std::vector<Leftover> known);

 private:
  struct Kept {
    Leftover leftover;
    Instant due;  ///< when another try is made; the run that made it may still be under way
  };
  void note(const Leftover& leftover, bool gone);
  void forget(const Leftover& leftover);
  void keep_trying(Micros wait);
  boost::asio::awaitable<void> try_all();
  [[nodiscard]] std::shared_ptr<const probe::Definition> definition_of(const Leftover& leftover) const;

  boost::asio::io_context& io_;
  probe::Runner& runner_;
  TimerQueue& timers_;
  store::Writer& writer_;
  const Probes& probes_;
  OnAsked on_asked_;
  std::vector<Kept> kept_;
};

}  // namespace outaged::daemon
