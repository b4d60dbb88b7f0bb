#include "replay/stored_results.hpp"

#include <algorithm>

namespace outaged::replay {
namespace {

constexpr Micros kBatch = std::chrono::hours{6};
/// Of stored times.
constexpr Micros kResolution = std::chrono::milliseconds{1};
/// Of a probe that is no longer configured.
constexpr Micros kUnknownInterval = std::chrono::minutes{1};

}  // namespace

Expected<StoredResults, std::string> StoredResults::open(const std::string& database, WallTime since, WallTime until) {
  auto reader = store::Reader::open(database);
  if (!reader) return Unexpected{std::move(reader).error()};
  const auto span = reader->result_span();
  StoredResults stored{std::move(*reader), span ? std::max(since, span->first) : until,
                       span ? std::min(until, span->second + kResolution) : until};
  for (const auto& row : stored.reader_.probes()) {
    // The host that a probe asks is not stored; its id stands for it.
    const Micros interval = row.interval > Micros{0} ? row.interval : kUnknownInterval;
    stored.probes_.push_back({row.id, row.component, interval, row.tier, row.id.name});
  }
  return stored;
}

std::optional<Result> StoredResults::next() {
  while (read_ == batch_.size() && from_ < until_) {
    const WallTime to = std::min(until_, from_ + kBatch);
    batch_ = reader_.results_between(from_, to);
    read_ = 0;
    from_ = to;
  }
  if (read_ == batch_.size()) return std::nullopt;
  return std::move(batch_[read_++]);
}

}  // namespace outaged::replay
