// A Facebook page: its feed, and photos that nobody sees (docs/platforms.md, "Facebook Pages with credentials").
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "outagesim/cdn.hpp"
#include "outagesim/graph/edges.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/graph/feed.hpp"
#include "outagesim/graph/fields.hpp"

namespace outaged::sim::graph {
namespace {

constexpr std::string_view kFacebookPictures = "scontent.xx.fbcdn.net";

constexpr NodeType kPage{"Page", "name,id", "id,name,about,category,fan_count,followers_count,link,username,website"};
constexpr NodeType kPost{"PagePost", "created_time,message,id",
                         "id,created_time,updated_time,message,story,full_picture,picture,from,permalink_url,"
                         "status_type,is_hidden,is_published,"
                         "attachments{media_type,media,type,title,description,target,url,unshimmed_url,"
                         "subattachments}"};
constexpr NodeType kPhoto{"Photo", "created_time,id",
                          "id,created_time,updated_time,name,alt_text,images{height,source,width},width,height,link,"
                          "picture,from"};

Json post(const World& world, std::uint64_t index, PostKind kind) {
  Json entry = {{"id", fmt::format("{}_{}", world.accounts.facebook_page_id, 900 + index)},
                {"created_time", feed_time(world, index)},
                {"message", fmt::format("Post number {} of the simulated page", index)}};
  if (kind == PostKind::text) return entry;
  const bool film = kind == PostKind::film;
  // Of a film, the picture that stands for it.
  const auto url = media_url_of(world, kFacebookPictures, index, film ? PostKind::picture : kind);
  const Json image = {{"height", 320}, {"src", url}, {"width", 480}};
  const Json attachment = {{"media_type", film ? "video" : "photo"},
                           {"media", {{"image", image}}},
                           {"url", "https://www.facebook.com/photo/?fbid=" + std::to_string(900 + index)}};
  entry["full_picture"] = url;
  entry["attachments"] = {{"data", Json::array({attachment})}};
  return entry;
}

}  // namespace

Reply page(World& world, const Call& call) {
  return answer(call, kPage, {{"name", "Simulated page"}, {"id", world.accounts.facebook_page_id}});
}

Reply page_feed(World& world, const Call& call) {
  return feed_answer(world, call, kFacebook, kPost,
                     [&world](std::uint64_t index, PostKind kind) { return post(world, index, kind); });
}

Reply upload_photo(World& world, const Call& call) {
  const bool file = !call.files.empty() && !call.files.front().content.empty();
  if (file) {
    const std::string& bytes = call.files.front().content;
    if (!bytes.starts_with("\xFF\xD8\xFF") && !bytes.starts_with("\x89PNG")) {
      Error error;
      error.code = 324;
      error.message = "(#324) Missing or invalid image file";
      return answer(error);
    }
  } else if (!call.has("url")) {
    Error error;
    error.code = 324;
    error.message = "(#324) Requires upload file";
    return answer(error);
  }
  const std::string published = call.parameter("published");
  const bool hidden = published == "false" || published == "0";
  if (call.parameter("temporary") == "true" && !hidden)
    return answer(bad_parameter("A temporary photo must not be published"));
  const std::string id = new_id(world, "122");
  world.photos.put(id, Photo{world.clock.wall_now()});
  Json out = {{"id", id}};
  if (!hidden) out["post_id"] = world.accounts.facebook_page_id + "_" + id;
  return answer(out);
}

Reply look_up_photo(World& world, const Call& call) {
  const std::string& id = call.path.front();
  // The platform stores another encoding than was sent, so this is not the picture's own content.
  const std::string url = picture_url(world, kFacebookPictures, "photo-" + id);
  const Json image = {{"height", 320}, {"source", url}, {"width", 480}};
  return answer(call, kPhoto,
                {{"images", Json::array({image})},
                 {"width", 480},
                 {"height", 320},
                 {"created_time", graph_time(world.photos.find(id)->uploaded)},
                 {"id", id}});
}

Reply delete_photo(World& world, const Call& call) {
  world.photos.erase(call.path.front());
  return answer(Json{{"success", true}});
}

}  // namespace outaged::sim::graph
