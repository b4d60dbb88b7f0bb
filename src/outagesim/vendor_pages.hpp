#pragma once
// metastatus.com: the official status page's data, as its readers know them (docs/platforms.md, "Official status
// sources"). It follows World::vendor, so it speaks as late as the vendor did.
#include "outagesim/fault_plan.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim {

Endpoint vendor_endpoint(const Request& request);
Reply vendor_answer(const World& world, const Request& request);

}  // namespace outaged::sim
