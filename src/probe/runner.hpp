#pragma once
// Runner: runs a probe once, step by step, and says what it found. A run needs no clock: it took what its requests took
// and the pauses between them, so time in the queue of the engine is not held against the platform.
#include <functional>
#include <memory>

#include <boost/asio/awaitable.hpp>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/timer_queue.hpp"
#include "core/leftover.hpp"
#include "core/result.hpp"
#include "net/http_engine.hpp"
#include "net/resolver.hpp"
#include "probe/definition.hpp"
#include "probe/memory.hpp"

namespace outaged::probe {

class Runner {
 public:
  /// The references must outlive the runner and its runs. One thread: the engine's.
  Runner(net::HttpEngine& engine, net::Resolver& resolver, TimerQueue& timers, Random random,
         std::shared_ptr<const Redactor> redactor)
      : engine_(engine), resolver_(resolver), timers_(timers), random_(random), redactor_(std::move(redactor)) {}

  /// What its runs learn, for the owner to keep.
  Memory& memory() { return memory_; }

  /// Told of what a run has made, before it does anything with it, and (`gone`) when a clean-up step has deleted it.
  using OnLeftover = std::function<void(const Leftover& leftover, bool gone)>;
  void on_leftover(OnLeftover told) { on_leftover_ = std::move(told); }

  struct Deletion {
    bool gone = false;              ///< or the platform knows no such thing; else it may still be there
    std::vector<StepResult> steps;  ///< none when the probe has no such step any more
  };
  /// Deletes what an earlier run has left behind, by the clean-up step that it did not come to.
  boost::asio::awaitable<Deletion> clean_up(std::shared_ptr<const Definition> definition, Leftover leftover);

  /// Never throws for what a network or a server does.
  boost::asio::awaitable<Result> run(std::shared_ptr<const Definition> definition, Trigger trigger);

 private:
  struct Course;
  /// The step with which to go on.
  boost::asio::awaitable<std::size_t> run_step(Course* course, std::size_t index);
  void note_leftovers(Course& course, std::size_t after);
  static Micros time_for(const Course& course, const Step& step);
  void redact(Result& result) const;

  net::HttpEngine& engine_;
  net::Resolver& resolver_;
  TimerQueue& timers_;
  Random random_;
  std::shared_ptr<const Redactor> redactor_;
  Memory memory_;
  OnLeftover on_leftover_;
};

}  // namespace outaged::probe
