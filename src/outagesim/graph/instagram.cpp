// An Instagram professional account: its media, and containers that are never published unless somebody asks
// (docs/platforms.md, "Instagram with credentials").
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "outagesim/film.hpp"
#include "outagesim/graph/edges.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/graph/feed.hpp"
#include "outagesim/graph/fields.hpp"

namespace outaged::sim::graph {
namespace {

constexpr std::string_view kInstagramPictures = "scontent.cdninstagram.com";
constexpr std::chrono::hours kContainerLife{24};
/// Failed ones included.
constexpr std::uint64_t kContainersADay = 400;
constexpr std::uint64_t kPostsADay = 50;

constexpr NodeType kAccount{"IGUser", "id",
                            "id,username,name,biography,website,profile_picture_url,followers_count,follows_count,"
                            "media_count"};
constexpr NodeType kMedia{"IGMedia", "id",
                          "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp,"
                          "username,alt_text,comments_count,like_count,"
                          "children{id,media_type,media_url,thumbnail_url,permalink,timestamp}"};
constexpr NodeType kContainer{"IGContainer", "id", "id,status,status_code,video_status,copyright_check_status"};
constexpr NodeType kLimit{"IGContentPublishingLimit", "quota_usage", "quota_usage,config{quota_total,quota_duration}"};

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

Reply cap_reached(const std::string& what) {
  Error error;
  error.code = 9;
  error.subcode = 2207042;
  error.message = "(#9) The application has reached its cap of " + what;
  return answer(error);
}

struct State {
  std::string code;
  std::string text;
};

State state_of(const World& world, const Container& container) {
  const WallTime now = world.clock.wall_now();
  if (container.published) return {"PUBLISHED", "Published: Media has been published successfully."};
  if (now - container.created >= kContainerLife) return {"EXPIRED", "Expired: the media was not published in time"};
  if (!container.error.empty()) return {"ERROR", container.error};
  if (is_ready(world, container))
    return {"FINISHED",
            "Finished: Media has been uploaded and it is "
            "ready to be published."};
  return {"IN_PROGRESS", "In Progress: Media is still being processed."};
}

}  // namespace

Reply ig_user(World& world, const Call& call) {
  return answer(call, kAccount, {{"username", "simulated.account"}, {"id", world.accounts.instagram_user_id}});
}

Reply ig_feed(World& world, const Call& call) {
  return feed_answer(world, call, kInstagram, kMedia,
                     [&world](std::uint64_t index, PostKind kind) { return media_entry(world, index, kind); });
}

Reply create_container(World& world, const Call& call) {
  const WallTime now = world.clock.wall_now();
  if (world.containers_made.at(now) >= kContainersADay) return cap_reached("containers");
  world.containers_made.add(now);
  const std::string id = new_id(world, "1788");
  Container container;
  container.created = now;
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
  if (container.kind == Container::Kind::video) out["video_status"] = phases(world, container);
  return answer(call, kContainer, out);
}

Reply publish_container(World& world, const Call& call) {
  Container* container = world.containers.find(call.parameter("creation_id"));
  if (container == nullptr) return answer(unknown_object(call.method, call.parameter("creation_id")));
  const State state = state_of(world, *container);
  Error error;
  if (state.code == "PUBLISHED") {
    // It is used up: there is no such builder any more.
    error.code = 24;
    error.subcode = 2207008;
    error.message = "(#24) The media builder with this creation id does not exist or has been used.";
    return answer(error);
  }
  if (state.code == "EXPIRED") {
    error.code = -2;
    error.subcode = 2207020;
    error.message = "The media has expired. Create a new container.";
    return answer(error);
  }
  if (state.code != "FINISHED") {
    error.code = 9007;
    error.subcode = 2207027;
    error.message = "Media ID is not available";
    return answer(error);
  }
  const WallTime now = world.clock.wall_now();
  if (world.publications.at(now) >= kPostsADay) return cap_reached("posts");
  world.publications.add(now);
  container->published = true;
  return answer(Json{{"id", new_id(world, "1795")}});
}

Reply publishing_limit(World& world, const Call& call) {
  const auto selection = Selection::of(call, kLimit);
  if (!selection) return answer(selection.error());
  const Json entry = {{"quota_usage", world.publications.at(world.clock.wall_now())},
                      {"config", {{"quota_total", kPostsADay}, {"quota_duration", 86400}}}};
  return answer(Json{{"data", Json::array({selection->take(entry)})}});
}

}  // namespace outaged::sim::graph
