#include "outagesim/graph/api.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "outagesim/graph/access.hpp"
#include "outagesim/graph/edges.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/graph/fields.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim::graph {
namespace {

using Kind = Endpoint::Kind;
constexpr std::string_view kUpload = "media-upload";
constexpr std::string_view kDownload = "media-download";
constexpr std::string_view kFeed = "feed-load";
constexpr std::string_view kMessage = "message";

constexpr NodeType kUser{"User", "name,id", "id,name,first_name,last_name,email,username"};

struct Edge {
  Node node;
  std::string_view method;
  std::string_view edge;
  Needs needs;
  std::string_view function;
  Kind kind;
  Reply (*answer)(World&, const Call&);
};

constexpr Needs kMessaging{kWhatsapp, Bearer::system, "whatsapp_business_messaging"};
// The documentation names no permission for upload sessions, but they belong to whoever uses the app.
constexpr Needs kSession{kFacebook, Bearer::user, ""};
constexpr Needs kReadPage{kFacebook, Bearer::page, "pages_read_engagement"};
constexpr Needs kChangePage{kFacebook, Bearer::page, "pages_manage_posts"};
constexpr Needs kReadAccount{kInstagram, std::nullopt, "instagram_basic"};
constexpr Needs kPublish{kInstagram, std::nullopt, "instagram_content_publish"};

constexpr auto kEdges = std::to_array<Edge>({
    {Node::phone_number, "POST", "media", kMessaging, kUpload, Kind::api, upload_media},
    {Node::phone_number, "POST", "messages", kMessaging, kMessage, Kind::api, send_message},
    {Node::phone_number, "GET", "", kMessaging, kMessage, Kind::api, phone_number},
    {Node::stored_media, "GET", "", kMessaging, kDownload, Kind::lookup, look_up_media},
    {Node::stored_media, "DELETE", "", kMessaging, kDownload, Kind::lookup, delete_media},
    {Node::app, "POST", "uploads", kSession, kUpload, Kind::api, start_upload},
    {Node::upload, "POST", "", kSession, kUpload, Kind::api, continue_upload},
    {Node::upload, "GET", "", kSession, kUpload, Kind::api, upload_offset},
    {Node::page, "GET", "", kReadPage, kFeed, Kind::api, page},
    {Node::page, "GET", "feed", kReadPage, kFeed, Kind::api, page_feed},
    {Node::page, "GET", "posts", kReadPage, kFeed, Kind::api, page_feed},
    {Node::page, "GET", "published_posts", kReadPage, kFeed, Kind::api, page_feed},
    {Node::page, "POST", "photos", kChangePage, kUpload, Kind::api, upload_photo},
    {Node::page, "POST", "videos", kChangePage, kUpload, Kind::api, upload_video},
    {Node::page, "POST", "video_reels", kChangePage, kUpload, Kind::api, upload_reel},
    {Node::page_video, "GET", "", kReadPage, kUpload, Kind::api, look_up_video},
    {Node::page_video, "DELETE", "", kChangePage, kUpload, Kind::api, delete_video},
    {Node::page_photo, "GET", "", kReadPage, kDownload, Kind::lookup, look_up_photo},
    {Node::page_photo, "DELETE", "", kChangePage, kDownload, Kind::lookup, delete_photo},
    {Node::ig_user, "GET", "", kReadAccount, kFeed, Kind::api, ig_user},
    {Node::ig_user, "GET", "media", kReadAccount, kFeed, Kind::api, ig_feed},
    {Node::ig_user, "POST", "media", kPublish, kUpload, Kind::api, create_container},
    {Node::ig_user, "POST", "media_publish", kPublish, kUpload, Kind::api, publish_container},
    {Node::ig_user, "GET", "content_publishing_limit", kPublish, kUpload, Kind::api, publishing_limit},
    {Node::container, "GET", "", kPublish, kUpload, Kind::api, container_state},
});

Node node_of(World& world, const Call& call) {
  if (call.path.empty()) return Node::root;
  const std::string& id = call.path.front();
  const Accounts& accounts = world.accounts;
  if (id == "me") return Node::me;
  if (id == "oauth") return Node::oauth;
  if (id == accounts.facebook_app_id) return Node::app;
  if (id == accounts.facebook_page_id) return Node::page;
  if (id == accounts.whatsapp_phone_number_id) return Node::phone_number;
  if (id == accounts.instagram_user_id) return Node::ig_user;
  if (id.starts_with("upload:")) return Node::upload;
  if (find_media(world, id) != nullptr) return Node::stored_media;
  if (world.containers.find(id) != nullptr) return Node::container;
  if (world.photos.find(id) != nullptr) return Node::page_photo;
  if (world.videos.find(id) != nullptr) return Node::page_video;
  return Node::unknown;
}

/// Whose business a call without an object of ours is: the host's, or the token's.
std::string_view platform_of(const World& world, const Call& call) {
  if (call.host == "graph.instagram.com") return kInstagram;
  return owner_of(world, call.token).value_or(kFacebook);
}

/// A version that there is not (yet) is taken for the beginning of a path.
Error unknown_path(const Call& call) {
  Error error;
  error.code = 2500;
  error.message = "Unknown path components: ";
  for (const auto& part : call.path) error.message += "/" + part;
  return error;
}

/// What the token meets, or the limit of calls.
std::optional<Error> met(const World& world, const Call& call, const Needs& needs) {
  if (auto error = refusal(world, call.token, needs)) return error;
  const auto limit = world.limits.find(needs.platform);
  const bool closed = limit != world.limits.end() && limit->second.closed_for(world.clock.wall_now()) > Micros{0};
  return closed ? std::optional(rate_limited(needs.platform)) : std::nullopt;
}

Reply root_answer(World& world, const Call& call) {
  const Node node = node_of(world, call);
  if (node == Node::root) return answer(unknown_object(call.method, ""));
  if (node == Node::oauth) {
    Error error;
    error.code = 101;
    error.message = "Missing client_id parameter.";
    return answer(error);
  }
  const std::string_view platform = platform_of(world, call);
  if (node == Node::me) {
    if (!call.token) {
      Error error;
      error.code = 2500;
      error.message = "An active access token must be used to query information about the current user.";
      return answer(error);
    }
    if (const auto error = met(world, call, {platform, {}, {}})) return answer(*error);
    return answer(call, kUser, {{"name", "Simulated owner"}, {"id", "122095678901234567"}});
  }
  if (const auto error = met(world, call, {platform, {}, {}}); error && call.token) return answer(*error);
  // Without a token too, the API says that the object is not there before it asks for one.
  return answer(unknown_object(call.method, call.path.front()));
}

Endpoint general_endpoint(std::string_view platform, Node node, const Call& call) {
  Endpoint endpoint{{platform}, {kFeed, kUpload, "login"}, Kind::api, call.host};
  endpoint.session = call.token || node == Node::me || node == Node::oauth;
  if (node == Node::me || node == Node::oauth) endpoint.functions = {"login"};
  if (call.host == "graph-video.facebook.com") endpoint.functions = {kUpload};
  return endpoint;
}

const Edge* find_edge(Node node, const Call& call) {
  const std::string_view edge = call.path.size() > 1 ? std::string_view(call.path[1]) : std::string_view{};
  const auto found = std::ranges::find_if(kEdges, [&](const Edge& row) {
    return row.node == node && row.method == call.method && row.edge == edge && call.path.size() <= 2;
  });
  return found == kEdges.end() ? nullptr : &*found;
}

}  // namespace

Target find_target(World& world, const Call& call) {
  const Node node = node_of(world, call);
  if (!has_version(call)) {
    const auto platform = platform_of(world, call);
    return {general_endpoint(platform, node, call), [&world, &call, platform] {
              Reply reply = answer(unknown_path(call));
              finish(reply, world, call, platform);
              return reply;
            }};
  }
  const Edge* edge = find_edge(node, call);
  if (edge == nullptr) {
    const auto platform = platform_of(world, call);
    return {general_endpoint(platform, node, call), [&world, &call, platform] {
              Reply reply = root_answer(world, call);
              finish(reply, world, call, platform);
              return reply;
            }};
  }
  return {{{edge->needs.platform}, {edge->function}, edge->kind, call.host}, [&world, &call, edge] {
            const auto error = met(world, call, edge->needs);
            Reply reply = error              ? answer(*error)
                          : call.well_formed ? edge->answer(world, call)
                                             : answer(bad_parameter("The body does not match its Content-Type"));
            finish(reply, world, call, edge->needs.platform);
            return reply;
          }};
}

Reply failing_answer(World& world, const Call& call, const Endpoint& endpoint, const Strike& strike) {
  const auto platform = endpoint.platforms.front();
  const bool sessions = strike.fault.layer == FaultLayer::auth;
  Error error = !sessions ? server_trouble(strike.fault.code) : call.token ? session_dropped() : server_trouble(1);
  // The real API answers most of its errors so, whatever they are.
  if (strike.shape == "400") error.status = 400;
  Reply reply = answer(error);
  finish(reply, world, call, platform);
  return reply;
}

}  // namespace outaged::sim::graph
