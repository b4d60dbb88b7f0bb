#include "schedule/manners.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace outaged::schedule {
namespace {

using namespace std::chrono_literals;

/// Hosts turn one away by chance; more than so many in a row is meant.
constexpr int kByChance = 2;
constexpr Micros kFirstRest = 15min;
constexpr Micros kLongestRest = 6h;
constexpr std::uint64_t kRecheckPercent = 75;
/// Of what the platform allows, as it says: asked half as often from here, and not at all from there.
constexpr int kUsageSlow = 75;
constexpr int kUsageRest = 95;
/// Limits are by the rolling hour; what was said of one before says nothing any more.
constexpr Micros kUsageHolds = 1h;

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

bool within(const auto& used, const Budget& budget, std::uint64_t percent) {
  return within(used.requests, budget.requests, percent) && within(used.bytes, budget.bytes.count, percent);
}

/// What is added to our own clock to have the time of day.
Micros ahead(Instant now, WallTime wall) {
  return wall.time_since_epoch() - now.time_since_epoch();
}

}  // namespace

const Budget& budget_of(const Settings& settings, const std::string& owner) {
  const auto found = settings.budgets.find(owner);
  return found == settings.budgets.end() ? settings.budget : found->second;
}

Manners::Ledger::Part& Manners::Ledger::of(std::int64_t minute) {
  constexpr auto kAll = static_cast<std::int64_t>(kParts);
  // What was asked before the machine started lies before the first minute.
  Part& part = parts[static_cast<std::size_t>((minute % kAll + kAll) % kAll)];
  if (part.minute != minute) part = {minute, 0, 0};
  return part;
}

Manners::Ledger::Part Manners::Ledger::sum(Instant now) const {
  const auto oldest = minute_of(now) - static_cast<std::int64_t>(kParts);
  Part all;
  for (const Part& part : parts) {
    if (part.minute <= oldest) continue;
    all.requests += part.requests;
    all.bytes += part.bytes;
  }
  return all;
}

std::optional<Instant> Manners::Ledger::used_up_until(const Budget& budget, Instant now) const {
  if (within(sum(now), budget, 100)) return std::nullopt;
  Instant free = std::chrono::floor<std::chrono::minutes>(now) + 1min;
  while (!within(sum(free), budget, 100)) free += 1min;  // an hour without requests is within any budget
  return free;
}

bool Manners::allows(const Entry& entry, Trigger trigger, const Settings& settings, Instant now) {
  // A person who asks by hand has a reason, and is not many.
  if (trigger == Trigger::manual) return true;
  if (rest(entry, now)) return false;
  if (trigger == Trigger::recheck && usage_percent(entry, now)) return false;
  const std::uint64_t percent = trigger == Trigger::recheck ? kRecheckPercent : 100;
  return within(ledgers_[entry.owner].sum(now), budget_of(settings, entry.owner), percent);
}

std::optional<Rest> Manners::rest(const Entry& entry, Instant now) const {
  std::optional<Rest> rest;
  if (const auto found = refusals_.find(entry.target); found != refusals_.end() && now < found->second.until) {
    const bool meant = found->second.in_a_row > kByChance;
    rest = Rest{found->second.until, meant ? RestReason::turned_away : RestReason::asked_to_wait};
  }
  if (const auto found = usage_.find(entry.target); found != usage_.end() && found->second.percent >= kUsageRest) {
    const Instant until = found->second.until;
    if (now < until && (!rest || until > rest->until)) rest = Rest{until, RestReason::usage};
  }
  return rest;
}

std::optional<int> Manners::usage_percent(const Entry& entry, Instant now) const {
  const auto found = usage_.find(entry.target);
  if (found == usage_.end() || now >= found->second.until) return std::nullopt;
  return found->second.percent;
}

void Manners::count(const std::string& owner, const std::vector<StepResult>& steps, Instant now) {
  auto& part = ledgers_[owner].of(minute_of(now));
  part.requests += steps.size();
  for (const auto& step : steps) part.bytes += step.bytes_sent + step.bytes_received;
}

void Manners::spent(const Entry& entry, const Result& result, Instant now) {
  count(entry.owner, result.steps, now);
  if (result.steps.empty()) ++ledgers_[entry.owner].of(minute_of(now)).requests;
  if (entry.target.host.empty()) return;
  note_usage(entry.target, result.usage, now);
  if (!turned_away(result)) {
    refusals_.erase(entry.target);
    return;
  }
  auto& refusal = refusals_[entry.target];
  ++refusal.in_a_row;
  Micros rest = result.usage.retry_after;
  if (refusal.in_a_row > kByChance)
    rest = std::max(rest, kFirstRest * (1 << std::min(refusal.in_a_row - kByChance - 1, 10)));
  refusal.until = now + std::min(kLongestRest, rest);
}

void Manners::note_usage(const Target& target, const Usage& usage, Instant now) {
  if (!usage.percent) return;
  if (*usage.percent < kUsageSlow) {
    usage_.erase(target);
    return;
  }
  const Micros rest = std::clamp(usage.regain, kFirstRest, kLongestRest);
  usage_[target] = {*usage.percent, now + (*usage.percent < kUsageRest ? kUsageHolds : rest)};
}

std::vector<Spending> Manners::spending(const Settings& settings, Instant now) const {
  std::vector<Spending> all;
  for (const auto& [owner, ledger] : ledgers_) {
    const auto used = ledger.sum(now);
    const Budget& budget = budget_of(settings, owner);
    all.push_back({owner, used.requests, used.bytes, budget, ledger.used_up_until(budget, now)});
  }
  return all;
}

nlohmann::json Manners::save(Instant now, WallTime wall) const {
  const Micros to_wall = ahead(now, wall);
  nlohmann::json asked = nlohmann::json::object();
  for (const auto& [owner, ledger] : ledgers_) {
    auto& parts = asked[owner] = nlohmann::json::array();
    for (const auto& [minute, requests, bytes] : ledger.parts) {
      if (minute + static_cast<std::int64_t>(Ledger::kParts) <= minute_of(now)) continue;
      parts.push_back({(std::chrono::minutes{minute} + to_wall).count(), requests, bytes});
    }
  }
  nlohmann::json refused = nlohmann::json::array();
  for (const auto& [target, refusal] : refusals_) {
    refused.push_back({to_string(target.tier), target.host, target.credential, refusal.in_a_row,
                       (refusal.until.time_since_epoch() + to_wall).count()});
  }
  nlohmann::json used = nlohmann::json::array();
  for (const auto& [target, told] : usage_) {
    if (now >= told.until) continue;
    used.push_back({to_string(target.tier), target.host, target.credential, told.percent,
                    (told.until.time_since_epoch() + to_wall).count()});
  }
  return {{"asked", std::move(asked)}, {"refused", std::move(refused)}, {"used", std::move(used)}};
}

Expected<bool, std::string> Manners::load(const nlohmann::json& saved, Instant now, WallTime wall) {
  const Micros to_wall = ahead(now, wall);
  const auto instant = [to_wall](const nlohmann::json& time) {
    return Instant{Micros{time.get<Micros::rep>()} - to_wall};
  };
  Manners read;
  try {
    for (const auto& [owner, parts] : saved.at("asked").items()) {
      for (const auto& part : parts) {
        // Later than now: the clock was set back.
        const auto minute = std::min(minute_of(now), minute_of(instant(part.at(0))));
        auto& into = read.ledgers_[owner].of(minute);
        into.requests += part.at(1).get<std::uint64_t>();
        into.bytes += part.at(2).get<std::uint64_t>();
      }
    }
    // Both lists: a target, a number and until when.
    const auto read_targets = [&](const nlohmann::json& list, auto& into) {
      for (const auto& one : list) {
        const auto tier = parse_enum<Tier>(one.at(0).get<std::string>());
        if (!tier) continue;
        into[{*tier, one.at(1).get<std::string>(), one.at(2).get<std::string>()}] = {
            one.at(3).get<int>(), std::min(instant(one.at(4)), now + kLongestRest)};
      }
    };
    read_targets(saved.at("refused"), read.refusals_);
    // An older version did not keep it.
    if (const auto used = saved.find("used"); used != saved.end()) read_targets(*used, read.usage_);
  } catch (const nlohmann::json::exception& error) {
    return Unexpected{std::string{error.what()}};
  }
  *this = std::move(read);
  return true;
}

}  // namespace outaged::schedule
