#pragma once
// A message as Slack lays it out, for its webhooks and its API alike.
#include "base/json/parse.hpp"
#include "notify/texts.hpp"

namespace outaged::notify {

/// {text, blocks, unfurl_links, unfurl_media}; everything within Slack's limits, nothing of it a mention.
json::Json slack_payload(const Wording& wording);

}  // namespace outaged::notify
