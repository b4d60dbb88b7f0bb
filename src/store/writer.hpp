#pragma once
// Writer: the one thread that writes the database. Batches are queued; whatever is in the queue when the disk is ready
// becomes one transaction (group commit), so a slow disk costs delay and not throughput. A batch is acknowledged only
// after its commit, with synchronous=FULL: what was acknowledged survives kill -9 and loss of power.
//
// When the disk is full or fails, batches stay queued and are tried again; what is not written is not acknowledged. Of
// a disk that is full some room has been kept (reserve.hpp): what may not be lost is written there, the rest waits. The
// queue is bounded: beyond its bound, expendable batches (batch.hpp) are refused and counted; any other are still
// taken, since they are few and must not be lost. Documents kept by name (detector states, meta) wait there once each:
// the latest.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/expected.hpp"
#include "base/obstacle.hpp"
#include "store/batch.hpp"
#include "store/settings.hpp"

namespace outaged::store {

class Writer {
 public:
  /// Called on the writer's thread after the commit. Must be quick and must not throw.
  using Committed = std::function<void()>;
  /// Current UTC, for retention; called on the writer's thread.
  using Now = std::function<WallTime()>;

  struct Stats {
    std::uint64_t batches = 0;  ///< committed
    std::uint64_t results = 0;  ///< committed
    std::uint64_t commits = 0;
    std::uint64_t refused = 0;   ///< batches, because the queue was full
    std::uint64_t unusable = 0;  ///< batches that the database did not accept; logged, dropped
    std::size_t queued = 0;
    std::string trouble;  ///< why not all can be committed; empty when it can
  };

  static constexpr std::size_t kQueueBound = 100'000;

  /// Opens settings.path (which must be set) and starts the thread, or says why not.
  static Expected<std::unique_ptr<Writer>, Obstacle> open(const Settings& settings, Now now);
  /// Commits what is queued, then ends. A disk that still fails then is given up after a few attempts.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Any thread; never waits for the disk. False when the batch was refused.
  bool submit(Batch batch, Committed committed = {});

  /// Waits until everything submitted so far is committed; false after `bound`.
  bool flush(Micros bound);

  [[nodiscard]] Stats stats() const;

 private:
  struct Impl;
  explicit Writer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace outaged::store
