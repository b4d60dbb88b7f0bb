#pragma once
// Configuration section "detection": every threshold of the detector, with its unit and why it has its default.
#include "base/json/shape.hpp"

namespace outaged::detect {

struct Settings {
  /// p0 before a probe's own rate is learned: how often it fails in health.
  double base_failure_rate = 0.004;
  /// False alarms per component and year that each test may raise in its model of health (threshold.hpp).
  double false_alarms = 0.3;
  /// Evidence, in nats, on which a component joins an outage that its owner has just begun to have …
  double join_threshold = 7.0;
  /// … and one that has lasted a while, when a chance failure is likelier to look like joining.
  double late_join_threshold = 11.5;
  /// Evidence that slowness lasts.
  double slow_threshold = 15.0;
  /// An answer is slow when it takes this many times as long as usual …
  double slow_factor = 2.0;
  /// … and so much longer: nobody feels a name that is found in two milliseconds instead of one.
  Micros slow_least = std::chrono::milliseconds{50};
  /// A slowness that has lasted so long, with nothing failing, is the usual speed from then on. A day: it has been so
  /// at every hour, and who was told of it has had a day to act.
  Micros new_normal = std::chrono::hours{24};
  /// How much likelier, in nats, it must be that the platform fails than that our own network does.
  double alibi_threshold = 3.25;
  /// Exit threshold, in nats: evidence of health needed before the quiet period begins.
  double exit_threshold = 6.0;
  /// The same of all that an outage has hit together, before it is over.
  double recovery_threshold = 8.0;
  /// A share of failures that still is an outage: the exit test tells this, or more, from health.
  double residual_share = 0.1;
  /// At or above this share of failures the outage is major, below it partial.
  double major_share = 0.75;
  /// A target may be gone for a while by itself: how long failures of one alone must last before they are an outage.
  /// Several that fail together need no such wait.
  Micros lone_span = std::chrono::seconds{240};
  /// How long nothing may fail until an outage is over, at least; what has come back before must stay away for longer
  /// than it did then, at most for `quiet_longest`.
  Micros quiet_period = std::chrono::minutes{7};
  Micros quiet_longest = std::chrono::minutes{40};
  /// An outage that begins again within this time has lasted all along: it must stay away for longer.
  Micros memory = std::chrono::hours{2};
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
