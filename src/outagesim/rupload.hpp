#pragma once
// rupload.facebook.com: bytes of Instagram containers, resumable. Its errors are not Graph envelopes but
// {"debug_info":{"retriable","type","message"}} (docs/platforms.md, "Facebook Pages with credentials").
#include <cstdint>
#include <string>
#include <string_view>

#include "outagesim/fault_plan.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim {

/// What went wrong with bytes that were sent, as such hosts say it.
Reply debug_info(unsigned status, std::string_view type, const std::string& message, bool retriable);

/// A number in a header; nothing when it is absent or not a number.
std::optional<std::uint64_t> number_header(const Request& request, std::string_view name);

Endpoint rupload_endpoint(const Request& request);
Reply rupload_answer(World& world, const Request& request);

}  // namespace outaged::sim
