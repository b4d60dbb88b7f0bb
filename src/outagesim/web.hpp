#pragma once
// Pages and small answers for anybody: www.facebook.com, www.instagram.com, i.instagram.com, web.whatsapp.com,
// v.whatsapp.net, mmg.whatsapp.net (docs/platforms.md, "Public endpoints"), and the unrelated control hosts.
#include "outagesim/fault_plan.hpp"
#include "outagesim/hosts.hpp"
#include "outagesim/http_message.hpp"

namespace outaged::sim {

Endpoint web_endpoint(const Host& host, const Request& request);
Reply web_answer(const Host& host, const Request& request);

/// WhatsApp's media tier, as it meets a stranger.
Endpoint media_tier_endpoint(const Request& request);
Reply media_tier_answer(const Request& request);

Endpoint control_endpoint(const Request& request);
Reply control_answer(const Request& request);

/// The edge's page when it answers by itself: "Sorry, something went wrong.", or the bare gateway's words for 502-504.
Reply edge_error(unsigned status);
/// How strangers are turned away; `shape` is one of layer blocked.
Reply turned_away(const Request& request, std::string_view shape);

}  // namespace outaged::sim
