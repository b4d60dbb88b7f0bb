#pragma once
// Metrics in the text format of Prometheus (exposition format 0.0.4). Results have blackbox_exporter's names where they
// mean the same; everything else is outaged_*. The HELP lines describe them.
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "serve/documents.hpp"

namespace outaged::serve {

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

/// `status`: the status document of the same moment.
std::string metrics_text(store::Reader& reader, const nlohmann::json& status, const View& view);

}  // namespace outaged::serve
