#pragma once
// Manners: how much may be asked of whom. Each owner of targets has a budget of requests and bytes per hour; a
// target that turned us away several times in a row is left alone for a while, twice as long each further time, and
// one that names a time for that long at once. What a platform says of how much it allows counts as well: from three
// quarters of it a target is asked half as often and without quick re-checks, from nineteen twentieths not at all
// for a while. Quick re-checks may use three quarters of a budget, so that they never starve the regular runs. A
// restart changes none of it: save() and load(). One thread.
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/expected.hpp"
#include "base/named_enum.hpp"
#include "core/result.hpp"
#include "schedule/entry.hpp"
#include "schedule/settings.hpp"

namespace outaged::schedule {

/// What an owner's targets were asked within the last hour.
struct Spending {
  std::string owner;
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;
  Budget budget;
  std::optional<Instant> used_up_until;  ///< nothing more may be asked before
  bool operator==(const Spending&) const = default;
};

/// Why a target is left alone.
enum class RestReason {
  turned_away,    ///< it did so several times in a row
  asked_to_wait,  ///< it turned us away and said for how long
  usage           ///< nearly all of what the platform allows is used
};

struct Rest {
  Instant until;
  RestReason reason = RestReason::turned_away;
  bool operator==(const Rest&) const = default;
};

class Manners {
 public:
  /// Whether a run may begin now.
  [[nodiscard]] bool allows(const Entry& entry, Trigger trigger, const Settings& settings, Instant now);
  /// Until when its target is left alone, and why; nothing when it is not.
  [[nodiscard]] std::optional<Rest> rest(const Entry& entry, Instant now) const;
  /// How much of what the platform allows its target was used when last it said so; nothing while that is too little to
  /// change anything. With a number and no rest, its target is asked half as often.
  [[nodiscard]] std::optional<int> usage_percent(const Entry& entry, Instant now) const;

  void spent(const Entry& entry, const Result& result, Instant now);
  /// Requests that belong to no run.
  void count(const std::string& owner, const std::vector<StepResult>& steps, Instant now);

  /// By owner.
  [[nodiscard]] std::vector<Spending> spending(const Settings& settings, Instant now) const;

  /// All of it, in times of day: our own clock begins anew with the machine.
  [[nodiscard]] nlohmann::json save(Instant now, WallTime wall) const;
  /// What another run saved; the error says why it cannot be read, and then nothing has changed.
  Expected<bool, std::string> load(const nlohmann::json& saved, Instant now, WallTime wall);

 private:
  /// The last hour, in parts that are forgotten one after the other.
  struct Ledger {
    static constexpr std::size_t kParts = 60;
    struct Part {
      std::int64_t minute = std::numeric_limits<std::int64_t>::min() / 2;  ///< of our own clock
      std::uint64_t requests = 0;
      std::uint64_t bytes = 0;
    };
    std::array<Part, kParts> parts{};
    /// That of a minute, which takes the place of one long ago.
    Part& of(std::int64_t minute);
    [[nodiscard]] Part sum(Instant now) const;
    /// When a part of the budget is free again; nothing when it is now.
    [[nodiscard]] std::optional<Instant> used_up_until(const Budget& budget, Instant now) const;
  };
  struct Refusal {
    int in_a_row = 0;
    Instant until;
  };

  struct Told {
    int percent = 0;
    Instant until;  ///< no longer true then
  };

  void note_usage(const Target& target, const Usage& usage, Instant now);

  std::map<std::string, Ledger> ledgers_;
  std::map<Target, Refusal> refusals_;
  std::map<Target, Told> usage_;  ///< of those of whose limits much is used
};

/// The budget that holds for an owner.
const Budget& budget_of(const Settings& settings, const std::string& owner);

}  // namespace outaged::schedule

namespace outaged {
template <>
inline constexpr auto kEnumNames<schedule::RestReason> = std::to_array<std::string_view>({"turned_away",
                                                                                          "asked_to_wait", "usage"});
}  // namespace outaged
