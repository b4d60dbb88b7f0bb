#pragma once
// A replay's record as text, JSON or a table of events (docs/cli.md, "replay").
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "replay/run.hpp"

namespace outaged::replay {

nlohmann::json to_json(const Record& record, const Rows& rows);
std::string to_events(const Record& record);
std::string to_text(const Record& record, const Rows& rows);

}  // namespace outaged::replay
