#pragma once
// Configuration section "detection": every threshold of the detector, with its unit and why it has its default.
#include "base/json/shape.hpp"

namespace outaged::detect {

struct Settings {
  /// p0: how often a healthy component's probe fails. The tests ask whether failures are more frequent than this.
  double base_failure_rate = 0.01;
  /// Entry threshold of the failure test, in nats (sequential_test.hpp). Three failures in a row cross it.
  double entry_threshold = 13.0;
  /// Exit threshold, in nats: evidence of health needed before the quiet period begins.
  double exit_threshold = 3.5;
  /// A share of failures that still is an outage: the exit test tells this, or more, from health.
  double residual_share = 0.1;
  /// At or above this share of failures the outage is major, below it partial.
  double major_share = 0.75;
  /// How long failures of one endpoint alone must last before they make an outage; agreement needs no such wait.
  Micros lone_span = std::chrono::seconds{20};
  /// After the exit test: how long nothing may fail until it is over.
  Micros quiet_period = std::chrono::minutes{5};
  /// How long a changed state or layer must hold before it is reported.
  Micros settle = std::chrono::minutes{2};
  /// How long a failure's verdict waits for control probes asked after it. Above their time-out.
  Micros control_wait = std::chrono::seconds{20};
  /// After our own network is back: failures of runs begun within this time do not count.
  Micros grace = std::chrono::seconds{15};
  /// Pause between the quick re-checks after a failure; it doubles with each.
  Micros recheck_pause = std::chrono::seconds{3};
  /// How many quick re-checks one failure may cause of its own probe.
  int rechecks = 4;
  /// While a component is failing: how often its probes run, so that its end is seen soon.
  Micros recovery_pace = std::chrono::seconds{20};
  bool operator==(const Settings&) const = default;
};

const json::Shape<Settings>& settings_shape();

}  // namespace outaged::detect
