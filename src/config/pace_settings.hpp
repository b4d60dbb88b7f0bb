#pragma once
// Configuration section "clock": compressed time, for demonstrations and tests against the simulator. Schedule,
// detection, quiet periods and the times in messages follow it; network deadlines stay real.
#include <optional>

#include "base/json/shape.hpp"

namespace outaged::config {

struct PaceSettings {
  double speed = 1.0;
  std::optional<WallTime> start;
};

const json::Shape<PaceSettings>& pace_shape();

}  // namespace outaged::config
