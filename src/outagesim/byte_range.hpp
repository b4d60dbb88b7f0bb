#pragma once
// Parts of stored bytes, for clients that go on where a download broke.
#include "outagesim/http_message.hpp"

namespace outaged::sim {

/// `whole`, or the one part of it that the request's Range header asks for (RFC 9110 §14): 206, or 416 when there is no
/// such part. Several ranges and other units are passed over, as a server may.
Reply ranged(const Request& request, Reply whole);

}  // namespace outaged::sim
