#pragma once
// A replay's record as text, JSON or a table of events (docs/cli.md, "replay").
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "outagectl/replay_run.hpp"

namespace outaged::ctl {

nlohmann::json replay_json(const ReplayRecord& record, const ReplayRows& rows);
std::string replay_events(const ReplayRecord& record);
std::string replay_text(const ReplayRecord& record, const ReplayRows& rows);

}  // namespace outaged::ctl
