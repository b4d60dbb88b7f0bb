#pragma once
// Configuration section "store": where results are kept, and for how long.
#include <string>

#include "base/json/shape.hpp"

namespace outaged::store {

struct Settings {
  /// File of the database; empty: the program's default (config/paths.hpp).
  std::string path = {};
  /// Raw results older than this are deleted. Incidents, timelines and state intervals are kept for good.
  Micros retention = std::chrono::hours{24 * 30};
};

const json::Shape<Settings>& settings_shape();

}  // namespace outaged::store
