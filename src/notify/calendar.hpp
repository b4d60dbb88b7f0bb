#pragma once
// Calendar: the silences and maintenances that hold. It stops messages; recording goes on. Pure; one thread.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "store/rows.hpp"

namespace outaged::notify {

class Calendar {
 public:
  /// Continues after a restart; the ids are the last ones ever given.
  void restore(std::vector<store::Silence> silences, std::vector<store::Maintenance> maintenances,
               std::int64_t last_silence, std::int64_t last_maintenance);

  /// Takes in what somebody wants, with a new id, to be stored; or says what is wrong with it. `id` is ignored.
  Expected<store::Silence, std::string> add(store::Silence silence, WallTime now);
  Expected<store::Maintenance, std::string> add(store::Maintenance maintenance, WallTime now);

  /// Ended from `now` on, to be stored; nothing when there is none of that number.
  std::optional<store::Silence> end_silence(std::int64_t id, WallTime now);
  std::optional<store::Maintenance> end_maintenance(std::int64_t id, WallTime now);

  [[nodiscard]] bool is_silenced(const ComponentId& component, WallTime now) const;
  [[nodiscard]] bool is_maintained(const ComponentId& component, WallTime now) const;

 private:
  std::vector<store::Silence> silences_;
  std::vector<store::Maintenance> maintenances_;
  std::int64_t last_silence_ = 0;
  std::int64_t last_maintenance_ = 0;
};

}  // namespace outaged::notify
