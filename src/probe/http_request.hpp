#pragma once
// From an http step and the values of a run to the request that goes out. Pure, but for fresh media.
#include <string>

#include "net/http.hpp"
#include "probe/definition.hpp"

namespace outaged::probe {

/// Without address and timeout, which the step sets. `values.media` must hold the media of a step that sends some.
net::HttpRequest build_request(const HttpStep& step, const RunValues& values);

}  // namespace outaged::probe
