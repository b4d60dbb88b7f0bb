#include "probe/memory.hpp"

#include <algorithm>

namespace outaged::probe {
namespace {

using namespace std::chrono_literals;

/// Ways in which one target may answer; beyond that the rarest unproven one is forgotten.
constexpr std::size_t kMostAnswers = 16;
constexpr std::size_t kMostAddresses = 4096;
constexpr auto kFirstDay = 24h;
constexpr std::int64_t kFewTimes = 3;
constexpr std::int64_t kManyTimes = 20;
constexpr auto kLongEnough = 6h;
constexpr auto kHandOutAgain = 1h;

template <class Kept>
bool due(Kept& kept, WallTime now) {
  if (!kept.changed && kept.handed_out && now < *kept.handed_out + kHandOutAgain && now >= *kept.handed_out)
    return false;
  kept.changed = true;
  return true;
}

}  // namespace

void Memory::restore(std::vector<LearnedAnswer> answers, std::vector<KnownAddress> addresses) {
  for (auto& answer : answers) {
    auto& place = answers_[{answer.probe, answer.step}];
    const auto seen = answer.last_seen;
    if (place.size() < kMostAnswers) place.push_back({std::move(answer), seen, false});
  }
  for (auto& address : addresses) {
    const auto seen = address.seen;
    const auto host = address.host;
    if (addresses_.size() < kMostAddresses)
      addresses_.insert_or_assign(host, Kept<KnownAddress>{std::move(address), seen, false});
  }
}

bool Memory::believable(const std::vector<Kept<LearnedAnswer>>& answers, const LearnedAnswer& answer) {
  const auto first = std::ranges::min_element(answers, {}, [](const auto& kept) { return kept.value.first_seen; });
  if (std::ranges::none_of(answers, [](const auto& kept) { return kept.value.healthy; })) return true;
  if (answer.last_seen < first->value.first_seen + kFirstDay) return answer.times >= kFewTimes;
  return answer.times >= kManyTimes && answer.last_seen - answer.first_seen >= kLongEnough;
}

bool Memory::recognises(const ProbeId& probe, int step, const std::string& fingerprint, WallTime now) {
  auto& answers = answers_[{probe, step}];
  auto found = std::ranges::find(answers, fingerprint, [](const auto& kept) { return kept.value.fingerprint; });
  if (found == answers.end()) {
    if (answers.size() >= kMostAnswers) {
      const auto rarest = std::ranges::min_element(answers, {}, [](const auto& kept) {
        return std::pair{kept.value.healthy, kept.value.times};
      });
      answers.erase(rarest);
    }
    answers.push_back({LearnedAnswer{probe, step, fingerprint, now, now, 0, false}, std::nullopt, true});
    found = answers.end() - 1;
  }
  auto& answer = found->value;
  ++answer.times;
  answer.last_seen = std::max(answer.last_seen, now);
  if (!answer.healthy && believable(answers, answer)) {
    answer.healthy = true;
    found->changed = true;
  }
  due(*found, now);
  return answer.healthy;
}

bool Memory::knows(const ProbeId& probe, int step) const {
  const auto found = answers_.find({probe, step});
  return found != answers_.end() &&
         std::ranges::any_of(found->second, [](const auto& kept) { return kept.value.healthy; });
}

std::string Memory::usual(const ProbeId& probe, int step) const {
  std::string text;
  const auto found = answers_.find({probe, step});
  if (found == answers_.end()) return text;
  for (const auto& kept : found->second) {
    if (kept.value.healthy) text += (text.empty() ? "" : " or ") + kept.value.fingerprint;
  }
  return text;
}

void Memory::note_address(const std::string& host, const std::string& address, WallTime now) {
  const auto found = addresses_.find(host);
  if (found == addresses_.end()) {
    if (addresses_.size() < kMostAddresses)
      addresses_.emplace(host, Kept<KnownAddress>{{host, address, now}, std::nullopt, true});
    return;
  }
  // Any address that worked does; which one of a rotating set is of no interest.
  found->second.value.address = address;
  found->second.value.seen = now;
  due(found->second, now);
}

std::optional<std::string> Memory::last_address(const std::string& host) const {
  const auto found = addresses_.find(host);
  if (found == addresses_.end()) return std::nullopt;
  return found->second.value.address;
}

Memory::Changes Memory::take_changes() {
  Changes changes;
  for (auto& [place, answers] : answers_) {
    for (auto& kept : answers) {
      if (!std::exchange(kept.changed, false)) continue;
      kept.handed_out = kept.value.last_seen;
      changes.answers.push_back(kept.value);
    }
  }
  for (auto& [host, kept] : addresses_) {
    if (!std::exchange(kept.changed, false)) continue;
    kept.handed_out = kept.value.seen;
    changes.addresses.push_back(kept.value);
  }
  return changes;
}

}  // namespace outaged::probe
