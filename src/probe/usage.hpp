#pragma once
// How much a platform says is used of what it allows: X-App-Usage, X-Page-Usage and X-Business-Use-Case-Usage of Meta's
// interfaces (docs/platforms.md, "Manners"), and Retry-After of anybody (RFC 9110). Whatever else stands there is
// passed over.
#include "core/usage.hpp"
#include "net/http.hpp"

namespace outaged::probe {

/// Percentages and times are bounded, however large the platform has them. `now`: for a Retry-After that is a date.
Usage usage_of(const net::HttpExchange& exchange, WallTime now);

}  // namespace outaged::probe
