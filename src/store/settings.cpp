#include "store/settings.hpp"

namespace outaged::store {

const json::Shape<Settings>& settings_shape() {
  using std::chrono::hours;
  static const auto shape =
      json::object<Settings>("Where results are kept, and for how long.")
          .field("path", &Settings::path, json::text(),
                 "File of the SQLite database, relative to this file. \"\": outaged.db in the user's data directory.")
          .field("retention", &Settings::retention, json::duration(hours{1}, hours{24 * 3650}),
                 "Raw results older than this are deleted. Incidents and their timelines are kept for good.")
          .build();
  return shape;
}

}  // namespace outaged::store
