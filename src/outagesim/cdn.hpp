#pragma once
// Stored bytes: signed pictures on scontent*.fbcdn.net and scontent*.cdninstagram.com, and WhatsApp media on
// lookaside.fbsbx.com (docs/platforms.md, "CDN objects" and "WhatsApp with credentials").
#include <string>
#include <string_view>

#include "outagesim/fault_plan.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim {

/// The signed address of the picture `name` ("feed-3", "photo-123") on a CDN host, good for some days. What is there
/// follows from `extension`: "jpg", "webp", or "mp4" for a film.
std::string picture_url(const World& world, std::string_view host, const std::string& name,
                        std::string_view extension = "jpg");

Endpoint cdn_endpoint(const Request& request);
Reply cdn_answer(const World& world, const Request& request);

Endpoint lookaside_endpoint(const Request& request);
Reply lookaside_answer(World& world, const Request& request);

}  // namespace outaged::sim
