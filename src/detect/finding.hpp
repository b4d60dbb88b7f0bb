#pragma once
// What detection says: values, made by the detector, read by incident logic, store and status.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/names.hpp"
#include "core/result.hpp"
#include "core/vocabulary.hpp"

namespace outaged::detect {

/// What a component's finding reports.
enum class Turn {
  opened,      ///< the entry test crossed: the component leaves operational
  changed,     ///< still failing, but state, layer or share changed in a way a person would want to know
  recovering,  ///< the exit test crossed; the quiet period begins
  relapsed,    ///< failing again within the quiet period: the same outage goes on
  recovered,   ///< the quiet period passed: it is over
  accustomed,  ///< it has been slow for so long that this is the usual speed now: it is over
  obscured,    ///< our own network is in doubt: state unknown
  revealed,    ///< our own network is back, or the first answer has come: `state` is what is believed now
};

/// Whether with it the outage is over.
constexpr bool ends(Turn turn) {
  return turn == Turn::recovered || turn == Turn::accustomed;
}

/// A share of failures that differs by so much from the one told last is told anew.
inline constexpr double kOtherShare = 0.2;

/// What the control probes said about our own network when a finding was decided.
enum class OwnNetwork {
  fine,       ///< they answered after the failures
  silent,     ///< they did not answer in time: decided without them
  unchecked,  ///< there are none
};

/// The evidence behind a finding, over the window that decided it.
struct Evidence {
  int failures = 0;
  int attempts = 0;  ///< conclusive results: successes and platform failures
  WallTime since;    ///< from when on they are counted
  std::map<Layer, int> layers;
  std::map<std::string, int> kinds;     ///< Failure::kind → count
  std::vector<ProbeId> failing_probes;  ///< sorted
  std::string example;                  ///< Failure::detail of the latest failure
  OwnNetwork own_network = OwnNetwork::fine;
  [[nodiscard]] double share() const { return attempts == 0 ? 0.0 : static_cast<double>(failures) / attempts; }
  [[nodiscard]] std::optional<Layer> dominant_layer() const;
  bool operator==(const Evidence&) const = default;
};

struct ComponentFinding {
  ComponentId component;
  Turn turn = Turn::opened;
  ComponentState state = ComponentState::operational;
  ComponentState previous = ComponentState::operational;
  WallTime at;                           ///< when this was decided
  WallTime onset;                        ///< first bad result of this outage; `at` when there is none
  std::optional<WallTime> last_failure;  ///< last bad result so far
  std::optional<Layer> layer;            ///< where it breaks; does not follow every failure, as the evidence does
  Evidence evidence;
  bool operator==(const ComponentFinding&) const = default;
};

/// Our own network, judged by the control probes.
struct SiteFinding {
  bool online = true;
  WallTime at;
  WallTime since;
  int controls_failing = 0;
  int controls = 0;
  bool operator==(const SiteFinding&) const = default;
};

/// Why a probe cannot ask properly. Never an outage; a notice of its own.
enum class ProblemKind { credentials, permission, rate_limit, blocked, configuration, local, unproven, unreachable };

struct ProbeProblem {
  ProbeId probe;
  ComponentId component;
  ProblemKind kind = ProblemKind::configuration;
  bool open = true;  ///< false: it is over
  WallTime at;
  WallTime since;
  std::string detail;
  bool operator==(const ProbeProblem&) const = default;
};

using Finding = std::variant<ComponentFinding, SiteFinding, ProbeProblem>;

/// "Ask this probe again soon": the one way back from detection to the schedule, a value.
struct Recheck {
  ProbeId probe;
  Micros after{0};
  bool operator==(const Recheck&) const = default;
};

struct Decisions {
  std::vector<Finding> findings;
  std::vector<Recheck> rechecks;
  std::optional<WallTime> answered;  ///< when the run began, if what was observed is a success
};

}  // namespace outaged::detect

namespace outaged {
template <>
inline constexpr auto kEnumNames<detect::Turn> = std::to_array<std::string_view>({"opened", "changed", "recovering",
                                                                                  "relapsed", "recovered", "accustomed",
                                                                                  "obscured", "revealed"});
template <>
inline constexpr auto kEnumNames<detect::ProblemKind> = std::to_array<std::string_view>(
    {"credentials", "permission", "rate_limit", "blocked", "configuration", "local", "unproven", "unreachable"});
}  // namespace outaged
