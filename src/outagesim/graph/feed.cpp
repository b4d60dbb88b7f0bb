#include "outagesim/graph/feed.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/units.hpp"
#include "outagesim/cdn.hpp"
#include "outagesim/graph/envelope.hpp"

namespace outaged::sim::graph {
namespace {

constexpr std::uint64_t kUsualLimit = 25;
constexpr std::uint64_t kMaxLimit = 100;
/// Posts that nobody is shown, from the first to before the second: a page of them is empty, and has a next one.
constexpr std::uint64_t kHiddenFrom = 10;
constexpr std::uint64_t kHiddenTo = 15;

/// The number in `text`, or `fallback` when there is none.
std::uint64_t number_or(const std::string& text, std::uint64_t fallback) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc{} ? value : fallback;
}

std::string cursor_of(std::uint64_t index) {
  return base64_encode(fmt::format("cursor:{}", index));
}

/// The index behind a cursor of ours; the first when it is none.
std::uint64_t index_of(const std::string& cursor) {
  for (std::uint64_t index = 0; index <= kFeedLength; ++index) {
    if (cursor_of(index) == cursor) return index;
  }
  return 0;
}

PostKind kind_of(const World& world, std::string_view platform, std::uint64_t index) {
  if (index >= kHiddenFrom && index < kHiddenTo) return PostKind::hidden;
  const auto newest = world.newest_posts.find(platform);
  return newest != world.newest_posts.end() && index < newest->second.size() ? newest->second[index]
                                                                             : PostKind::picture;
}

}  // namespace

std::string graph_time(WallTime time) {
  std::string text = format_time(std::chrono::floor<std::chrono::seconds>(time));
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

std::string feed_time(const World& world, std::uint64_t index) {
  const auto age = std::chrono::hours{6} * static_cast<std::int64_t>(index + 1);
  const auto time = std::chrono::floor<std::chrono::hours>(world.clock.wall_now() - age);
  return graph_time(time);
}

std::string media_url_of(const World& world, std::string_view host, std::uint64_t index, PostKind kind) {
  const auto* extension = kind == PostKind::film ? "mp4" : kind == PostKind::webp ? "webp" : "jpg";
  return picture_url(world, host, fmt::format("feed-{}", index), extension);
}

Reply feed_answer(World& world, const Call& call, std::string_view platform, const NodeType& type,
                  const std::function<Json(std::uint64_t, PostKind)>& entry) {
  const auto selection = Selection::of(call, type);
  if (!selection) return answer(selection.error());
  const auto limit = number_or(call.parameter("limit"), kUsualLimit);
  if (limit > kMaxLimit) return answer(bad_parameter("Too many rows were asked for: limit is at most 100"));
  const auto first = index_of(call.parameter("after"));
  const auto end = std::min(kFeedLength, first + limit);
  Json data = Json::array();
  for (auto index = first; index < end; ++index) {
    const PostKind kind = kind_of(world, platform, index);
    if (kind != PostKind::hidden) data.push_back(selection->take(entry(index, kind)));
  }
  Json out = {{"data", data}};
  if (!data.empty()) out["paging"]["cursors"] = {{"before", cursor_of(first)}, {"after", cursor_of(end)}};
  if (end < kFeedLength) {
    // The address can be used as it is: it carries the caller's own parameters and token, wherever they came from.
    std::string next = base_url(world, call.host) + call.request->path + "?";
    if (call.token) next += "access_token=" + url_encode(*call.token) + "&";
    for (const auto& [name, value] : call.parameters) {
      if (name != "after" && name != "access_token") next += url_encode(name) + "=" + url_encode(value) + "&";
    }
    out["paging"]["next"] = next + "after=" + url_encode(cursor_of(end));
  }
  return answer(out);
}

}  // namespace outaged::sim::graph
