#pragma once
// Configuration section "log".
#include "base/json/shape.hpp"
#include "base/log.hpp"

namespace outaged::config {

struct LogSettings {
  log::Level level = log::Level::info;
};

inline const json::Shape<LogSettings>& log_shape() {
  static const auto shape =
      json::object<LogSettings>("What is logged, to standard error.")
          .field("level", &LogSettings::level, json::choice<log::Level>(), "Lines below this level are dropped.")
          .build();
  return shape;
}

}  // namespace outaged::config
