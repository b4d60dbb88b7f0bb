#include "detect/settings.hpp"

#include <fmt/format.h>

namespace outaged::detect {
namespace {

using namespace std::chrono_literals;

bool check_quiet(const Settings& settings, const json::Cursor& cursor) {
  if (settings.quiet_period <= settings.quiet_longest) return true;
  cursor.at("quiet_period")
      .fault(fmt::format("{}, above \"quiet_longest\", which is {}", format_duration(settings.quiet_period),
                         format_duration(settings.quiet_longest)),
             "at most \"quiet_longest\"");
  return false;
}

/// What fails as often as in health is no sign of an outage, and no health would end one.
bool check_residual(const Settings& settings, const json::Cursor& cursor) {
  if (settings.residual_share > settings.base_failure_rate) return true;
  cursor.at("residual_share")
      .fault(fmt::format("{}, not above \"base_failure_rate\", which is {}", settings.residual_share,
                         settings.base_failure_rate),
             "more than \"base_failure_rate\"");
  return false;
}

}  // namespace

const json::Shape<Settings>& settings_shape() {
  static const auto shape =
      json::object<Settings>("When failures are an outage, and when it is over.")
          .field("base_failure_rate", &Settings::base_failure_rate, json::number(0.0001, 0.1),
                 "How often a probe of a healthy component fails, before its own rate is learned.")
          .field("false_alarms", &Settings::false_alarms, json::number(0.000001, 1000),
                 "False alarms per component and year that each test may raise by chance. Lower: later alarms.")
          .field("join_threshold", &Settings::join_threshold, json::number(2, 60),
                 "Evidence on which a component joins an outage that its owner has just begun to have, as a "
                 "log-likelihood ratio.")
          .field("late_join_threshold", &Settings::late_join_threshold, json::number(2, 60),
                 "The same for an outage that has lasted a while.")
          .field("slow_threshold", &Settings::slow_threshold, json::number(4, 60),
                 "Evidence of lasting slowness that degrades a component, as a log-likelihood ratio.")
          .field("slow_factor", &Settings::slow_factor, json::number(1.2, 20),
                 "An answer is slow when it takes this many times as long as usual.")
          .field("slow_least", &Settings::slow_least, json::duration(0s, 1min),
                 "An answer is slow only when it takes this much longer than usual, however many times that is.")
          .field("new_normal", &Settings::new_normal, json::duration(1h, 30 * 24h),
                 "How long a component must have been slow, and nothing worse, until this is its usual speed: the "
                 "incident ends, and says so.")
          .field("alibi_threshold", &Settings::alibi_threshold, json::number(0, 20),
                 "Evidence that our own network is not the reason, as a log-likelihood ratio, before failures "
                 "without an answer are an outage.")
          .field("exit_threshold", &Settings::exit_threshold, json::number(1, 20),
                 "Evidence of health that starts the quiet period, as a log-likelihood ratio.")
          .field("recovery_threshold", &Settings::recovery_threshold, json::number(1, 40),
                 "The same of all that an outage has hit together, before it is over.")
          .field("residual_share", &Settings::residual_share, json::number(0.02, 0.5),
                 "A share of failures that still is an outage.")
          .field("major_share", &Settings::major_share, json::number(0.3, 1),
                 "From this share of failures on an outage is major, below it partial.")
          .field("lone_span", &Settings::lone_span, json::duration(0s, 10min),
                 "How long failures of one target alone must last before they are an outage.")
          .field("quiet_period", &Settings::quiet_period, json::duration(10s, 6h),
                 "How long nothing may fail until an outage is over, at least.")
          .field("quiet_longest", &Settings::quiet_longest, json::duration(10s, 24h), "The same, at most.")
          .field("memory", &Settings::memory, json::duration(0s, 24h),
                 "What fails again within this time has come and gone: its quiet period grows.")
          .field("settle", &Settings::settle, json::duration(0s, 1h),
                 "How long a changed state or layer must hold before it is reported.")
          .field("control_wait", &Settings::control_wait, json::duration(1s, 5min),
                 "How long a failure's verdict waits for the control probes; above their time-out.")
          .field("grace", &Settings::grace, json::duration(0s, 10min),
                 "After our own network is back: failures of runs begun within this time do not count.")
          .field("recheck_pause", &Settings::recheck_pause, json::duration(500ms, 5min),
                 "Pause before the first quick re-check after a failure; it doubles with each.")
          .field("rechecks", &Settings::rechecks, json::integer_as(0, 20),
                 "How many quick re-checks of its own probe one failure may cause.")
          .field("recovery_pace", &Settings::recovery_pace, json::duration(1s, 1h),
                 "How often the probes of a failing component run, so that its end is seen soon.")
          .check(check_quiet)
          .check(check_residual)
          .build();
  return shape;
}

}  // namespace outaged::detect
