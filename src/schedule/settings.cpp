#include "schedule/settings.hpp"

namespace outaged::schedule {
namespace {

using namespace std::chrono_literals;

json::Shape<RecheckSettings> recheck_shape() {
  return json::object<RecheckSettings>("Bounds of the quick extra runs that follow a failure.")
      .field("window", &RecheckSettings::window, json::duration(1s, 1h), "The time over which the bounds count.")
      .field("per_probe", &RecheckSettings::per_probe, json::integer(0, 1000), "Extra runs of one probe in the window.")
      .field("total", &RecheckSettings::total, json::integer(0, 1'000'000), "Extra runs of all probes in the window.")
      .field("jitter", &RecheckSettings::jitter, json::number(0, 1),
             "Share of the wait before an extra run that is added at random.")
      .build();
}

}  // namespace

const json::Shape<Settings>& settings_shape() {
  static const auto shape =
      json::object<Settings>("When probes run.")
          .field("max_running", &Settings::max_running, json::integer(1, 100'000),
                 "Probes under way at once. Further ones wait in line.")
          .field("jitter", &Settings::jitter, json::number(0, 0.5),
                 "Share of its interval by which a run may come after its regular moment, at random.")
          .field("give_up_after", &Settings::give_up_after, json::duration(1s, 24h),
                 "A run without an answer for so long is written off. Longer than any probe's timeout.")
          .field("recheck", &Settings::recheck, recheck_shape(), "Quick extra runs that confirm a failure.")
          .build();
  return shape;
}

}  // namespace outaged::schedule
