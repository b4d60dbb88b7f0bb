#pragma once
// What the feeds of a page and of an account have in common: a fixed number of entries, newest first, in pages.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "outagesim/graph/call.hpp"
#include "outagesim/graph/fields.hpp"
#include "outagesim/http_message.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim::graph {

inline constexpr std::uint64_t kFeedLength = 30;

/// One page of the platform's feed, as `limit` and `after` say, with paging; error 100 for a limit above 100. Of each
/// entry, which is a `type`, what `fields` says.
Reply feed_answer(World& world, const Call& call, std::string_view platform, const NodeType& type,
                  const std::function<nlohmann::json(std::uint64_t, PostKind)>& entry);

/// The address of an entry's picture or film.
std::string media_url_of(const World& world, std::string_view host, std::uint64_t index, PostKind kind);

/// As the API writes times: "2024-03-05T14:00:00+0000".
std::string graph_time(WallTime time);

/// When an entry was made.
std::string feed_time(const World& world, std::uint64_t index);

}  // namespace outaged::sim::graph
