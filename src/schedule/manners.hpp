#pragma once
// Manners: how much may be asked of whom. Each owner of targets has a budget of requests and bytes per hour; a target
// that turned us away several times in a row is left alone for a while, twice as long each further time. Quick
// re-checks may use three quarters of a budget, so that they never starve the regular runs. One thread.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

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
  bool operator==(const Spending&) const = default;
};

class Manners {
 public:
  /// Whether a run may begin now.
  [[nodiscard]] bool allows(const Entry& entry, Trigger trigger, const Settings& settings, Instant now);
  /// Until when its target is left alone; nothing when it is not.
  [[nodiscard]] std::optional<Instant> left_alone_until(const Entry& entry, Instant now) const;

  void spent(const Entry& entry, const Result& result, Instant now);
  /// Requests that belong to no run.
  void count(const std::string& owner, const std::vector<StepResult>& steps, Instant now);

  /// By owner.
  [[nodiscard]] std::vector<Spending> spending(const Settings& settings, Instant now);

 private:
  /// The last hour, in parts that are forgotten one after the other.
  struct Ledger {
    static constexpr std::size_t kParts = 60;
    struct Part {
      std::int64_t number = -1;
      std::uint64_t requests = 0;
      std::uint64_t bytes = 0;
    };
    std::array<Part, kParts> parts{};
    Part& at(Instant now);
    [[nodiscard]] Part sum(Instant now) const;
  };
  struct Refusal {
    int in_a_row = 0;
    Instant until;
  };

  std::map<std::string, Ledger> ledgers_;
  std::map<std::string, Refusal> refusals_;  ///< by target
};

/// The budget that holds for an owner.
const Budget& budget_of(const Settings& settings, const std::string& owner);

}  // namespace outaged::schedule
