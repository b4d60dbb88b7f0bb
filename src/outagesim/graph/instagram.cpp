// An Instagram professional account: its media, and containers that are never published unless somebody asks
// (docs/platforms.md, "Instagram with credentials").
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "outagesim/graph/edges.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/graph/feed.hpp"

namespace outaged::sim::graph {
namespace {

constexpr std::string_view kInstagramPictures = "scontent.cdninstagram.com";
constexpr std::chrono::hours kContainerLife{24};
constexpr std::uint64_t kContainersADay = 400;

Json media_entry(const World& world, std::uint64_t index, PostKind kind) {
  const bool film = kind == PostKind::film;
  Json entry = {{"id", fmt::format("1790000000000{:04}", index)},
                {"media_type", film ? "VIDEO" : "IMAGE"},
                {"media_product_type", film ? "REELS" : "FEED"},
                {"permalink", fmt::format("https://www.instagram.com/p/sim{}/", index)},
                {"caption", fmt::format("Number {} of the simulated account", index)},
                {"timestamp", feed_time(world, index)}};
  if (kind != PostKind::text) entry["media_url"] = media_url_of(world, kInstagramPictures, index, kind);
  if (film) entry["thumbnail_url"] = media_url_of(world, kInstagramPictures, index, PostKind::picture);
  return entry;
}

/// 400 containers in 24 hours, failed ones included.
bool over_cap(World& world) {
  auto& usage = world.usage["containers"];
  const WallTime now = world.clock.wall_now();
  if (now - usage.since >= kContainerLife || now < usage.since) usage = {now, 0};
  return ++usage.calls > kContainersADay;
}

struct State {
  std::string code;
  std::string text;
};

State state_of(const World& world, const Container& container) {
  const WallTime now = world.clock.wall_now();
  if (now - container.created >= kContainerLife) return {"EXPIRED", "Expired: the media was not published in time"};
  if (!container.error.empty()) return {"ERROR", container.error};
  if (container.ready && now >= *container.ready)
    return {"FINISHED",
            "Finished: Media has been uploaded and it is "
            "ready to be published."};
  return {"IN_PROGRESS", "In Progress: Media is still being processed."};
}

}  // namespace

Reply ig_user(World& world, const Call&) {
  return answer(Json{{"username", "simulated.account"}, {"id", world.accounts.instagram_user_id}});
}

Reply ig_feed(World& world, const Call& call) {
  return feed_answer(world, call, kInstagram,
                     [&world](std::uint64_t index, PostKind kind) { return media_entry(world, index, kind); });
}

Reply create_container(World& world, const Call& call) {
  if (over_cap(world)) {
    Error error;
    error.code = 9;
    error.subcode = 2207042;
    error.message = "(#9) The application has reached its cap of containers";
    return answer(error);
  }
  const std::string id = new_id(world, "1788");
  Container container;
  container.created = world.clock.wall_now();
  if (call.parameter("upload_type") == "resumable") {
    const std::string type = call.parameter("media_type");
    if (type != "REELS" && type != "STORIES" && type != "VIDEO")
      return answer(bad_parameter("Param media_type must be one of {VIDEO, REELS, STORIES}"));
    world.containers.put(id, std::move(container));
    const std::string version = call.version.empty() ? world.accounts.graph_version : call.version;
    return answer(
        Json{{"id", id},
             {"uri", fmt::format("{}/ig-api-upload/{}/{}", base_url(world, "rupload.facebook.com"), version, id)}});
  }
  const bool image = call.has("image_url");
  if (!image && !call.has("video_url")) return answer(bad_parameter("The parameter image_url is required"));
  container.kind = image ? Container::Kind::image : Container::Kind::video;
  container.ready = container.created + std::chrono::seconds{1};
  world.containers.put(id, std::move(container));
  return answer(Json{{"id", id}});
}

Reply container_state(World& world, const Call& call) {
  const Container& container = *world.containers.find(call.path.front());
  const State state = state_of(world, container);
  Json out = {{"id", call.path.front()}, {"status", state.text}, {"status_code", state.code}};
  if (container.kind == Container::Kind::video) {
    const auto bytes = container.upload.bytes.size();
    const bool whole = container.ready.has_value();
    const Json uploading = {{"status", whole       ? "complete"
                                       : bytes > 0 ? "in_progress"
                                                   : "not_started"},
                            {"bytes_transferred", bytes}};
    const Json processing = {{"status", state.code == "FINISHED" ? "complete"
                                        : state.code == "ERROR"  ? "error"
                                        : whole                  ? "in_progress"
                                                                 : "not_started"}};
    out["video_status"] = {{"uploading_phase", uploading}, {"processing_phase", processing}};
  }
  return answer(out);
}

Reply publish_container(World& world, const Call& call) {
  const Container* container = world.containers.find(call.parameter("creation_id"));
  if (container == nullptr) return answer(unknown_object(call.method, call.parameter("creation_id")));
  if (state_of(world, *container).code != "FINISHED") {
    Error error;
    error.code = 9007;
    error.subcode = 2207027;
    error.message = "Media ID is not available";
    return answer(error);
  }
  return answer(Json{{"id", new_id(world, "1795")}});
}

Reply publishing_limit(World&, const Call&) {
  const Json entry = {{"quota_usage", 0}, {"config", {{"quota_total", 50}, {"quota_duration", 86400}}}};
  return answer(Json{{"data", Json::array({entry})}});
}

}  // namespace outaged::sim::graph
