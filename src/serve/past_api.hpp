#pragma once
// The API's routes about what must be looked up: histories, results, incidents, probes, messages. Answered by the
// archive.
#include <memory>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "serve/api.hpp"
#include "serve/archive.hpp"

namespace outaged::serve {

/// How a question about the past is answered, on the archive's thread.
using PastAnswer = Response (*)(const Request&, const View&, store::Reader&);
Route past_route(std::vector<std::string> pattern, PastAnswer answer, const Daemon& daemon,
                 const std::shared_ptr<Archive>& archive);

Response json_answer(const nlohmann::json& body);

/// /api/v1/status?component=…
Response component_status(const Request& request, const View& view, store::Reader& reader);

std::vector<Route> past_routes(const Daemon& daemon, const std::shared_ptr<Archive>& archive);

}  // namespace outaged::serve
