#pragma once
// The event: a message as JSON for programs, the body of webhooks and the input of exec channels.
// schema/event.schema.json describes it; fields are added, never taken away.
#include "base/json/shape.hpp"
#include "notify/channel.hpp"

namespace outaged::notify {

/// {"type": "incident.opened", "timestamp": when it was sent, "data": the message, "text": the same for a person}.
json::Json event_of(const Message& message, const Occasion& occasion);

/// JSON Schema (draft 2020-12) of event_of().
json::Json event_schema();

}  // namespace outaged::notify
