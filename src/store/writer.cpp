#include "store/writer.hpp"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include "base/log.hpp"
#include "store/database.hpp"
#include "store/reserve.hpp"
#include "store/tables.hpp"

namespace outaged::store {
namespace {

using namespace std::chrono_literals;

/// Results, and what may be lost like them, wait so long for companions: a commit costs as much CPU as twenty rows.
/// Anything else is written at once.
constexpr auto kGather = 500ms;
/// Bounds one transaction, so that a long queue is worked off in steps that a reader can see.
constexpr std::size_t kGroupBound = 4096;
constexpr auto kFirstPause = 200ms;
constexpr auto kLongestPause = 10s;
constexpr int kLastAttempts = 3;
constexpr auto kRetentionPause = 60s;
constexpr int kRetentionBite = 10'000;

struct Entry {
  Batch batch;
  Writer::Committed committed;
};

/// Why batches were not written.
struct Refusal {
  std::string reason;
  bool may_pass = false;  ///< with time; otherwise it lies in a batch and comes back with it
  bool full = false;      ///< the disk is
};

/// Trouble of the disk or the file.
bool may_pass(const SQLite::Exception& error) {
  switch (error.getErrorCode() & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return true;
    default: return false;
  }
}

template <class Document>
void erase_named(std::vector<Document>& older, const std::vector<Document>& newer) {
  std::erase_if(older, [&newer](const Document& document) {
    return std::ranges::find(newer, document.name, &Document::name) != newer.end();
  });
}

/// For a disk that has room again.
bool may_wait(const Entry& entry) {
  return entry.batch.is_expendable() || entry.batch.empty();
}

std::vector<const Batch*> batches_of(const std::vector<Entry>& group) {
  std::vector<const Batch*> batches;
  batches.reserve(group.size());
  for (const auto& entry : group) batches.push_back(&entry.batch);
  return batches;
}

/// What is kept by name counts as it was said last: while nothing can be written, what is said again and again takes
/// the room of one. It goes with the later batch and never with the earlier: a restart makes up for a state of
/// detection that is older than the results beside it, whereas a newer one would hide results that were never stored.
void forget_superseded(std::vector<Entry>& queue, const Batch& newer) {
  if (newer.detector_states.empty() && newer.meta.empty()) return;
  for (auto& entry : queue) {
    erase_named(entry.batch.detector_states, newer.detector_states);
    erase_named(entry.batch.meta, newer.meta);
  }
  std::erase_if(queue, [](const Entry& entry) { return entry.batch.empty() && !entry.committed; });
}

}  // namespace

struct Writer::Impl {
  Impl(Settings s, Now n, WriterLock l, std::unique_ptr<SQLite::Database> d)
      : settings(std::move(s)),
        now(std::move(n)),
        lock(std::move(l)),
        database(std::move(d)),
        tables(*database),
        reserve(settings.path) {}

  void run();
  std::vector<Entry> take();
  bool commit(std::vector<Entry>& group);
  void commit_each(std::vector<Entry>& group);
  void commit_what_matters(std::vector<Entry>& group);
  void take_what_matters(std::vector<Entry>& group);
  void settle();
  void leave();
  std::optional<Refusal> transact(const std::vector<const Batch*>& batches);
  void acknowledge(std::vector<Entry>& group);
  void retire();

  Settings settings;
  Now now;
  WriterLock lock;
  std::unique_ptr<SQLite::Database> database;
  Tables tables;
  Reserve reserve;
  bool full = false;  ///< the disk is, and the reserve given up
  bool retention_left = true;
  WallTime last_retirement;

  mutable std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable idle;
  std::vector<Entry> queue;
  std::size_t busy = 0;  // entries taken and not yet acknowledged
  bool stopping = false;
  bool urgent = false;  // somebody waits for what is queued
  Stats stats;
  std::thread thread;
};

Expected<std::unique_ptr<Writer>, Obstacle> Writer::open(const Settings& settings, Now now) {
  auto lock = WriterLock::acquire(settings.path);
  if (!lock) return Unexpected{lock.error()};
  auto database = open_for_writing(settings.path);
  if (!database) return Unexpected{database.error()};
  auto impl = std::make_unique<Impl>(settings, std::move(now), std::move(*lock), std::move(*database));
  return std::unique_ptr<Writer>(new Writer(std::move(impl)));
}

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->thread = std::thread([&i = *impl_] { i.run(); });
}

Writer::~Writer() {
  {
    const std::lock_guard guard(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_one();
  impl_->thread.join();
}

bool Writer::submit(Batch batch, Committed committed) {
  {
    const std::lock_guard guard(impl_->mutex);
    if (impl_->queue.size() + impl_->busy >= kQueueBound && batch.is_expendable()) {
      ++impl_->stats.refused;
      return false;
    }
    impl_->urgent = impl_->urgent || committed || !batch.is_expendable();
    forget_superseded(impl_->queue, batch);
    impl_->queue.push_back({std::move(batch), std::move(committed)});
  }
  impl_->wake.notify_one();
  return true;
}

bool Writer::flush(Micros bound) {
  auto reached = std::make_shared<std::promise<void>>();
  auto future = reached->get_future();
  submit(Batch{}, [reached] { reached->set_value(); });
  return future.wait_for(bound) == std::future_status::ready;
}

Writer::Stats Writer::stats() const {
  const std::lock_guard guard(impl_->mutex);
  Stats copy = impl_->stats;
  copy.queued = impl_->queue.size() + impl_->busy;
  return copy;
}

std::vector<Entry> Writer::Impl::take() {
  std::unique_lock guard(mutex);
  wake.wait_for(guard, kRetentionPause, [this] { return stopping || !queue.empty(); });
  wake.wait_for(guard, kGather, [this] { return stopping || urgent || queue.size() >= kGroupBound; });
  urgent = false;
  std::vector<Entry> group;
  if (queue.size() <= kGroupBound) {
    group.swap(queue);
  } else {
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(kGroupBound);
    group.assign(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
  }
  busy = group.size();
  return group;
}

void Writer::Impl::run() {
  if (!reserve.hold()) log::warn("no room is kept for a full disk", {{"path", settings.path}});
  for (;;) {
    auto group = take();
    if (group.empty()) {
      const std::unique_lock guard(mutex);
      if (stopping) return leave();
    }
    Micros pause = kFirstPause;
    for (int attempt = 1; !group.empty() && !commit(group); ++attempt) {
      std::unique_lock guard(mutex);
      if (stopping && attempt >= kLastAttempts) {
        log::error("database not written at the end",
                   {{"batches", group.size() + queue.size()}, {"reason", stats.trouble}});
        return;
      }
      wake.wait_for(guard, pause, [this] { return stopping || (full && urgent); });
      if (full) take_what_matters(group);
      pause = std::min<Micros>(pause * 2, kLongestPause);
    }
    retire();
  }
}

/// Of what has come meanwhile: the mutex is held.
void Writer::Impl::take_what_matters(std::vector<Entry>& group) {
  urgent = false;
  const auto matters = std::ranges::stable_partition(queue, may_wait);
  busy += matters.size();
  group.insert(group.end(), std::make_move_iterator(matters.begin()), std::make_move_iterator(matters.end()));
  queue.erase(matters.begin(), matters.end());
}

/// True when the group is dealt with; false when the disk did not let us.
bool Writer::Impl::commit(std::vector<Entry>& group) {
  if (full && !reserve.hold()) {
    commit_what_matters(group);
    return group.empty();
  }
  full = false;
  const auto refusal = transact(batches_of(group));
  if (!refusal) {
    settle();  // first: who hears that it is written may ask at once whether all is well
    acknowledge(group);
    return true;
  }
  {
    const std::lock_guard guard(mutex);
    if (stats.trouble.empty())
      log::error("database not written", {{"path", settings.path}, {"reason", refusal->reason}});
    stats.trouble = refusal->reason;
  }
  if (refusal->full) {
    full = true;
    reserve.give_up();
    commit_what_matters(group);
    return group.empty();
  }
  if (refusal->may_pass) return false;
  commit_each(group);
  if (group.empty()) settle();
  return group.empty();
}

/// While the disk is full: into the room that was kept. What may be lost waits, and so does all when that room is used
/// up.
void Writer::Impl::commit_what_matters(std::vector<Entry>& group) {
  const auto matters = std::ranges::stable_partition(group, may_wait);
  if (matters.empty()) return;
  std::vector<Entry> needed(std::make_move_iterator(matters.begin()), std::make_move_iterator(matters.end()));
  group.erase(matters.begin(), matters.end());
  if (!transact(batches_of(needed))) return acknowledge(needed);
  group.insert(group.end(), std::make_move_iterator(needed.begin()), std::make_move_iterator(needed.end()));
}

/// Everything that was taken is written.
void Writer::Impl::settle() {
  const std::lock_guard guard(mutex);
  if (!stats.trouble.empty()) log::info("database written again", {{"path", settings.path}});
  stats.trouble.clear();
}

/// One batch is at fault: alone, the others pass.
void Writer::Impl::commit_each(std::vector<Entry>& group) {
  while (!group.empty()) {
    const auto refusal = transact({&group.front().batch});
    if (refusal && refusal->may_pass) return;
    std::vector<Entry> one;
    one.push_back(std::move(group.front()));
    group.erase(group.begin());
    if (!refusal) {
      acknowledge(one);
      continue;
    }
    log::error("batch refused by the database", {{"reason", refusal->reason}});
    const std::lock_guard guard(mutex);
    ++stats.unusable;
    busy -= std::min<std::size_t>(busy, 1);
  }
}

/// Nothing when the batches are on disk. Whatever a batch may do to us, the thread goes on for the others.
std::optional<Refusal> Writer::Impl::transact(const std::vector<const Batch*>& batches) {
  try {
    SQLite::Transaction transaction(*database, SQLite::TransactionBehavior::IMMEDIATE);
    for (const Batch* batch : batches) tables.apply(*batch);
    transaction.commit();
    return std::nullopt;
  } catch (const SQLite::Exception& error) {
    tables.forget();
    return Refusal{error.getErrorStr(), may_pass(error), (error.getErrorCode() & 0xFF) == SQLITE_FULL};
  } catch (const std::exception& error) {
    tables.forget();
    return Refusal{error.what(), false};
  }
}

void Writer::Impl::acknowledge(std::vector<Entry>& group) {
  {
    const std::lock_guard guard(mutex);
    ++stats.commits;
    stats.batches += group.size();
    for (const auto& entry : group) stats.results += entry.batch.results.size();
    busy -= std::min(busy, group.size());
  }
  for (const auto& entry : group) {
    if (entry.committed) entry.committed();
  }
  group.clear();
}

/// Everything is in the one file then: who copies it has all. A reader that still looks keeps the log beside it.
void Writer::Impl::leave() {
  try {
    database->exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const SQLite::Exception& error) {
    log::warn("the database's log stays beside it", {{"path", settings.path}, {"reason", error.getErrorStr()}});
  }
}

/// Retention: now and then, in small bites, and only while nobody waits.
void Writer::Impl::retire() {
  const WallTime present = now();
  if (!retention_left && present >= last_retirement && present < last_retirement + kRetentionPause) return;
  {
    const std::lock_guard guard(mutex);
    if (!queue.empty()) return;
  }
  last_retirement = present;
  try {
    SQLite::Transaction transaction(*database, SQLite::TransactionBehavior::IMMEDIATE);
    retention_left = tables.delete_results_before(present - settings.retention, kRetentionBite);
    transaction.commit();
    database->exec("PRAGMA incremental_vacuum(64)");
  } catch (const std::exception& error) {
    log::warn("old results not deleted", {{"reason", error.what()}});
  }
}

}  // namespace outaged::store
