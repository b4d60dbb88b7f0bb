#include "incident/settings.hpp"

namespace outaged::incident {

using namespace std::chrono_literals;

const json::Shape<Settings>& settings_shape() {
  static const auto shape =
      json::object<Settings>("What makes one incident of several failing components, and when it is announced.")
          .field("hold", &Settings::hold, json::duration(0s, 10min),
                 "How long the opening message waits, so that it names all components that fail at the same time.")
          .field("update_pause", &Settings::update_pause, json::duration(0s, 24h),
                 "How long after a message about an incident the next update waits, so that several changes are one "
                 "message; its end does not wait.")
          .field("correlation_window", &Settings::correlation_window, json::duration(0s, 24h),
                 "Components of one owner that begin to fail within this time belong to one incident.")
          .field("relapse_window", &Settings::relapse_window, json::duration(0s, 24h),
                 "What fails again within this time after its incident was over takes it up again.")
          .field("owners", &Settings::owners, json::map_of(json::nonempty_text()),
                 "Platform → owner. Platforms of one owner may share an incident; others never do.")
          .build();
  return shape;
}

}  // namespace outaged::incident
