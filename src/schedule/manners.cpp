#include "schedule/manners.hpp"

#include <algorithm>

namespace outaged::schedule {
namespace {

using namespace std::chrono_literals;

/// Hosts turn one away by chance; more than so many in a row is meant.
constexpr int kByChance = 2;
constexpr Micros kFirstRest = 15min;
constexpr Micros kLongestRest = 6h;
constexpr std::uint64_t kRecheckPercent = 75;

std::int64_t minute_of(Instant now) {
  return std::chrono::floor<std::chrono::minutes>(now.time_since_epoch()).count();
}

/// A block, or a limit that was reached.
bool turned_away(const Result& result) {
  if (result.result_class == ResultClass::blocked) return true;
  return result.result_class == ResultClass::our_fault && result.failure &&
         result.failure->kind.starts_with("rate_limit");
}

bool within(std::uint64_t used, std::uint64_t allowed, std::uint64_t percent) {
  return allowed == 0 || used * 100 < allowed * percent;
}

}  // namespace

const Budget& budget_of(const Settings& settings, const std::string& owner) {
  const auto found = settings.budgets.find(owner);
  return found == settings.budgets.end() ? settings.budget : found->second;
}

Manners::Ledger::Part& Manners::Ledger::at(Instant now) {
  const auto number = minute_of(now);
  Part& part = parts[static_cast<std::size_t>(number % static_cast<std::int64_t>(kParts))];
  if (part.number != number) part = {number, 0, 0};
  return part;
}

Manners::Ledger::Part Manners::Ledger::sum(Instant now) const {
  const auto oldest = minute_of(now) - static_cast<std::int64_t>(kParts);
  Part all;
  for (const Part& part : parts) {
    if (part.number <= oldest) continue;
    all.requests += part.requests;
    all.bytes += part.bytes;
  }
  return all;
}

bool Manners::allows(const Entry& entry, Trigger trigger, const Settings& settings, Instant now) {
  // A person who asks by hand has a reason, and is not many.
  if (trigger == Trigger::manual) return true;
  if (left_alone_until(entry, now)) return false;
  const auto used = ledgers_[entry.owner].sum(now);
  const Budget& budget = budget_of(settings, entry.owner);
  const std::uint64_t percent = trigger == Trigger::recheck ? kRecheckPercent : 100;
  return within(used.requests, budget.requests, percent) && within(used.bytes, budget.bytes.count, percent);
}

std::optional<Instant> Manners::left_alone_until(const Entry& entry, Instant now) const {
  const auto found = refusals_.find(entry.target);
  if (found == refusals_.end() || found->second.in_a_row <= kByChance || now >= found->second.until)
    return std::nullopt;
  return found->second.until;
}

void Manners::count(const std::string& owner, const std::vector<StepResult>& steps, Instant now) {
  auto& part = ledgers_[owner].at(now);
  part.requests += steps.size();
  for (const auto& step : steps) part.bytes += step.bytes_sent + step.bytes_received;
}

void Manners::spent(const Entry& entry, const Result& result, Instant now) {
  count(entry.owner, result.steps, now);
  if (result.steps.empty()) ++ledgers_[entry.owner].at(now).requests;
  if (entry.target.empty()) return;
  if (!turned_away(result)) {
    refusals_.erase(entry.target);
    return;
  }
  auto& refusal = refusals_[entry.target];
  ++refusal.in_a_row;
  if (refusal.in_a_row <= kByChance) return;
  const int times = std::min(refusal.in_a_row - kByChance - 1, 10);
  refusal.until = now + std::min(kLongestRest, kFirstRest * (1 << times));
}

std::vector<Spending> Manners::spending(const Settings& settings, Instant now) {
  std::vector<Spending> all;
  for (const auto& [owner, ledger] : ledgers_) {
    const auto used = ledger.sum(now);
    all.push_back({owner, used.requests, used.bytes, budget_of(settings, owner)});
  }
  return all;
}

}  // namespace outaged::schedule
