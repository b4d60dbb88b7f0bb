#pragma once
// Result: what one run of a probe found. Made once by the runner, never changed; store, detection and everything after
// are functions of results. Free of local ids, so that one day it can travel between sites.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/names.hpp"
#include "core/usage.hpp"
#include "core/vendor.hpp"
#include "core/vocabulary.hpp"

namespace outaged {

/// Time spent in each phase of a request. A phase that did not take place (a reused connection has no dns, connect,
/// tls) is zero. The sum is the request's time.
struct PhaseTimes {
  std::array<Micros, enum_names<Phase>().size()> of{};
  Micros& operator[](Phase phase) { return of[static_cast<std::size_t>(phase)]; }
  const Micros& operator[](Phase phase) const { return of[static_cast<std::size_t>(phase)]; }
  [[nodiscard]] Micros total() const {
    Micros sum{0};
    for (const Micros time : of) sum += time;
    return sum;
  }
  PhaseTimes& operator+=(const PhaseTimes& other) {
    for (std::size_t i = 0; i < of.size(); ++i) of[i] += other.of[i];
    return *this;
  }
  bool operator==(const PhaseTimes&) const = default;
};

/// Where and why something failed.
struct Failure {
  Layer layer = Layer::local;
  /// The phase under way when it failed; always set for `timeout`.
  std::optional<Phase> phase;
  /// A short fixed word for counting: "refused", "reset", "nxdomain", "certificate_expired", "status", "graph_code",
  /// "sha256", … At most 40 characters, lower_snake.
  std::string kind;
  /// One line for a person, with the evidence (status, code, first bytes). Printable, redacted, at most 500 bytes.
  std::string detail;
  bool operator==(const Failure&) const = default;
};

/// One request of a run, or one redirect hop, or one attempt of an `until` step.
struct StepResult {
  std::uint8_t step = 0;  ///< index in the probe's definition
  StepKind kind = StepKind::http;
  ResultClass result_class = ResultClass::success;
  std::optional<Failure> failure;  ///< set exactly when result_class is not success
  PhaseTimes phases;
  std::string address;                       ///< numeric address asked, empty when it never came so far
  std::uint16_t status = 0;                  ///< HTTP status, or DNS rcode for dns steps; 0 when there was no answer
  std::uint64_t bytes_sent = 0;              ///< body bytes
  std::uint64_t bytes_received = 0;          ///< body bytes
  std::optional<WallTime> certificate_ends;  ///< earliest notAfter of the chain, for TLS
  bool operator==(const StepResult&) const = default;
};

struct Result {
  ProbeId probe;
  ComponentId component;
  Trigger trigger = Trigger::scheduled;
  WallTime at;     ///< when the run began, in whole milliseconds; with the probe it identifies the result
  Micros took{0};  ///< from the beginning to the verdict; clean-up steps are not in it
  ResultClass result_class = ResultClass::success;
  std::optional<Failure> failure;  ///< that of the step that decided; set exactly when not success
  /// Slower than the definition's `expect.latency`, though successful.
  bool slow = false;
  /// How late the event loop was when the run began: tells slow platform from slow monitor.
  Micros loop_lag{0};
  std::vector<StepResult> steps;  ///< in order of execution
  /// Of a probe that reads a status page: what stands there. Not kept with the result.
  std::vector<VendorClaim> vendor = {};
  /// What the platform said of how much we ask. Not kept with the result either.
  Usage usage = {};
  bool operator==(const Result&) const = default;

  /// When the outcome was known: nothing may be decided on it earlier.
  [[nodiscard]] WallTime known_at() const { return at + took; }
};

}  // namespace outaged
