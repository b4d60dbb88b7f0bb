#include "outaged/leftovers.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>

#include "base/log.hpp"

namespace outaged::daemon {
namespace {

using namespace std::chrono_literals;

constexpr Micros kSoon = 1s;
constexpr Micros kNowAndThen = 10min;
/// Between two tries at one thing.
constexpr Micros kPatience = 1h;
/// Then the platform has deleted it itself: WhatsApp keeps uploads for thirty days.
constexpr Micros kLongest = 24h * 30;
constexpr std::size_t kMostAtOnce = 50;

bool same(const Leftover& a, const Leftover& b) {
  return a.probe == b.probe && a.step == b.step && a.saved == b.saved;
}

}  // namespace

Leftovers::Leftovers(boost::asio::io_context& io, probe::Runner& runner, TimerQueue& timers, store::Writer& writer,
                     const Probes& probes, OnAsked on_asked)
    : io_(io), runner_(runner), timers_(timers), writer_(writer), probes_(probes), on_asked_(std::move(on_asked)) {
  runner_.on_leftover([this](const Leftover& leftover, bool gone) { note(leftover, gone); });
}

void Leftovers::restore(std::vector<Leftover> known) {
  for (auto& leftover : known) kept_.push_back({std::move(leftover), timers_.now()});
  keep_trying(kSoon);
}

void Leftovers::note(const Leftover& leftover, bool gone) {
  if (gone) {
    forget(leftover);
    return;
  }
  const auto definition = definition_of(leftover);
  // A run of a probe that is not scheduled takes no longer either.
  const Micros longest = definition ? definition->timeout + 1min : Micros{10min};
  kept_.push_back({leftover, timers_.now() + longest});
  store::Batch batch;
  batch.leftovers.push_back({leftover});
  writer_.submit(std::move(batch));
}

void Leftovers::forget(const Leftover& leftover) {
  std::erase_if(kept_, [&leftover](const Kept& kept) { return same(kept.leftover, leftover); });
  store::Batch batch;
  batch.leftovers.push_back({leftover, true});
  writer_.submit(std::move(batch));
}

void Leftovers::keep_trying(Micros wait) {
  timers_.at(timers_.now() + wait, [this] {
    boost::asio::co_spawn(io_, try_all(), [this](const std::exception_ptr& error) {
      if (error) log::error("deleting what probes have left behind failed", {});
      keep_trying(kNowAndThen);
    });
  });
}

/// One after the other. The list may change while a request is under way.
boost::asio::awaitable<void> Leftovers::try_all() {
  std::vector<Leftover> due;
  for (auto& kept : kept_) {
    if (kept.due > timers_.now() || due.size() >= kMostAtOnce) continue;
    kept.due = timers_.now() + kPatience;
    due.push_back(kept.leftover);
  }
  for (auto& leftover : due) {
    const auto definition = definition_of(leftover);
    bool gone = false;
    if (definition) {
      const auto deletion = co_await runner_.clean_up(definition, leftover);
      gone = deletion.gone;
      on_asked_(leftover.probe, deletion.steps);
    }
    const bool given_up = !gone && timers_.wall_now() - leftover.made > kLongest;
    if (gone || given_up) {
      log::info(gone ? "deleted what a probe had left behind" : "given up deleting what a probe had left behind",
                {{"probe", leftover.probe.name}});
      forget(leftover);
      continue;
    }
    ++leftover.attempts;
    for (auto& kept : kept_) {
      if (same(kept.leftover, leftover)) kept.leftover.attempts = leftover.attempts;
    }
    store::Batch batch;
    batch.leftovers.push_back({leftover});
    writer_.submit(std::move(batch));
  }
}

std::shared_ptr<const probe::Definition> Leftovers::definition_of(const Leftover& leftover) const {
  const auto found = std::ranges::find(probes_, leftover.probe, [](const auto& definition) { return definition->id; });
  return found == probes_.end() ? nullptr : *found;
}

}  // namespace outaged::daemon
