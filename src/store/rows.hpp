#pragma once
// Rows as the readers give them, where the domain has no value of its own for it.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/names.hpp"
#include "core/pattern.hpp"
#include "core/result.hpp"
#include "core/vendor.hpp"
#include "core/vocabulary.hpp"

namespace outaged::store {

enum class ProbeState { active, not_configured, disabled, gone };

struct ProbeRow {
  ProbeId id;
  ComponentId component;
  std::string title;
  Tier tier = Tier::open;
  Micros interval{0};
  ProbeState state = ProbeState::active;
  bool operator==(const ProbeRow&) const = default;
};

struct ComponentStateRow {
  ComponentId component;
  ComponentState state = ComponentState::unknown;
  WallTime since;
  bool operator==(const ComponentStateRow&) const = default;
};

/// From `since` to `until` (nothing: still) the component was believed to be in this state.
struct ComponentInterval {
  ComponentId component;
  ComponentState state = ComponentState::unknown;
  WallTime since;
  std::optional<WallTime> until;
};

/// Which results; what is not set does not matter.
struct ResultFilter {
  std::optional<ProbeId> probe = {};
  std::optional<ComponentId> component = {};
  std::optional<ResultClass> result_class = {};
};

/// A place in the list of results, which has the newest first and those of one millisecond by probe: behind this run.
/// Without a probe: behind all that began at that time or later.
struct ResultCursor {
  WallTime at;
  std::optional<ProbeId> probe = {};
};

struct ResultPage {
  std::vector<Result> results;
  std::optional<ResultCursor> next;  ///< where the next page begins, when there is more
};

/// Conclusive and other results of one component over a window.
struct ComponentCounts {
  ComponentId component;
  Micros window{0};
  int attempts = 0;  ///< successes and platform failures
  int failures = 0;  ///< platform failures
  int inconclusive = 0;
  bool heard = false;         ///< something conclusive in the whole window, also before its counting began
  std::optional<Micros> p50;  ///< duration of the successful runs
  std::optional<Micros> p95;
  std::optional<WallTime> last_result_at;
  std::optional<Failure> last_failure;
  std::optional<WallTime> last_failure_at;
};

struct DetectorState {
  std::string name;
  WallTime saved_at;
  std::string content;
  bool operator==(const DetectorState&) const = default;
};

struct Meta {
  std::string name;
  std::string value;
};

struct OutboxEntry {
  std::int64_t id = 0;
  std::string reference;
  IncidentId incident;
  std::string channel;
  std::string kind;
  std::string payload;
  WallTime created;
  WallTime not_before;
  WallTime expires;
  int attempts = 0;
  std::string state;
  std::string detail;
  std::string handle;    ///< of the channel's conversation about the incident; empty: none
  std::size_t told = 0;  ///< entries of the incident's timeline that it tells of
};

/// What a vendor said of its platform when its status page was last read.
struct VendorRow {
  ProbeId probe;
  std::string vendor;
  VendorClaim claim;
  WallTime read_at;
};

/// A channel that refuses what it is sent, or is out of reach for long.
struct ChannelProblem {
  std::string channel;
  bool open = true;
  WallTime at;
  std::string detail;
  bool operator==(const ChannelProblem&) const = default;
};

/// From `since` to `until` nobody is told of these components.
struct Silence {
  std::int64_t id = 0;
  ComponentPattern pattern;
  WallTime since;
  WallTime until;
  std::string reason;
  std::string author;
  std::optional<WallTime> ended = {};  ///< when somebody ended it early
  bool operator==(const Silence&) const = default;
};

/// Trouble with these components is expected: once, from `begins` for `duration`, or by a rule again and again.
struct Maintenance {
  std::int64_t id = 0;
  ComponentPattern pattern;
  std::string title;
  WallTime begins;
  Micros duration{0};
  std::string zone = "UTC";  ///< in whose civil time the rule repeats
  std::string rule;          ///< notify/recurrence.hpp; empty: once
  std::string author;
  std::optional<WallTime> ended = {};  ///< when somebody ended all of it
  bool operator==(const Maintenance&) const = default;
};

}  // namespace outaged::store

namespace outaged {
template <>
inline constexpr auto kEnumNames<store::ProbeState> = std::to_array<std::string_view>({"active", "not configured",
                                                                                       "disabled", "gone"});
}  // namespace outaged
