#include "config/pace_settings.hpp"

namespace outaged::config {

const json::Shape<PaceSettings>& pace_shape() {
  static const auto shape = [] {
    const auto time = json::converted<WallTime, std::string>(
        json::text(),
        [](const std::string& text, const json::Cursor& cursor) -> std::optional<WallTime> {
          const auto parsed = parse_time(text);
          if (!parsed) cursor.fault("text \"" + text + "\"", "a time such as \"2019-07-03T12:00:00Z\"");
          return parsed;
        },
        [](const WallTime& value) { return format_time(value); });
    return json::object<PaceSettings>(
               "Compressed time, only for demonstrations against the simulator. Leave it out to watch the real world.")
        .field("speed", &PaceSettings::speed, json::number(1, 1000), "Seconds that pass per second.")
        .field("start", &PaceSettings::start, time, "Time at which the daemon believes to start; absent: now.")
        .build();
  }();
  return shape;
}

}  // namespace outaged::config
