#include "outagesim/rupload.hpp"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "base/number.hpp"
#include "outagesim/film.hpp"
#include "outagesim/graph/access.hpp"
#include "outagesim/graph/call.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim {
namespace {

using graph::Json;

/// Who takes bytes here, by the first part of the path.
struct Service {
  std::string_view name;
  graph::Needs needs;
};
constexpr Service kServices[] = {
    {"ig-api-upload", {kInstagram, std::nullopt, "instagram_content_publish"}},
    {"video-upload", {kFacebook, Bearer::page, "pages_manage_posts"}},
};

const Service* service_of(const std::vector<std::string>& path) {
  const auto found = path.empty() ? std::end(kServices) : std::ranges::find(kServices, path.front(), &Service::name);
  return found == std::end(kServices) ? nullptr : found;
}

Film* find_film(World& world, const Service& service, const std::string& id) {
  if (service.needs.platform == kFacebook) return world.videos.find(id);
  Container* container = world.containers.find(id);
  return container != nullptr && container->kind == Container::Kind::video ? container : nullptr;
}

void resize_film(World& world, const Service& service, const std::string& id, std::size_t bytes) {
  if (service.needs.platform == kFacebook) {
    world.videos.resize(id, bytes);
  } else {
    world.containers.resize(id, bytes);
  }
}

Reply rupload_reply(unsigned status, const Json& body) {
  Reply reply = text_reply(status, "application/json; charset=utf-8", graph::to_text(body));
  reply.headers.emplace_back("X-Fb-Debug", "simulated");
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return reply;
}

std::optional<Reply> refuse_token(const World& world, const Request& request, const Service& service) {
  const auto token = graph::bearer_of(request);
  const auto error = graph::refusal(world, token, service.needs);
  if (!error) return std::nullopt;
  // A token that has ended is told so in the API's own words; one that was never good, in this host's.
  if (error->code == 190 && error->subcode) return graph::answer(*error);
  return debug_info(400, "NotAuthorizedError", "Authentication failed", false);
}

Reply take_bytes(World& world, const Request& request, const Service& service, const std::string& id, Film& film) {
  const auto offset = number_header(request, "offset");
  const auto length = number_header(request, "file_size");
  Upload& upload = film.upload;
  if (!offset || !length || *length == 0 || *length > kMaxFilm || (upload.length != 0 && upload.length != *length))
    return debug_info(400, "ProcessingFailedError", "Request processing failed", false);
  if (*offset != upload.bytes.size())
    return debug_info(412, "OffsetInvalidError", "Request starting offset is invalid", true);
  upload.length = *length;
  upload.bytes += request.body.substr(0, upload.length - upload.bytes.size());
  resize_film(world, service, id, upload.length);
  if (upload.bytes.size() < upload.length)
    return debug_info(200, "PartialRequestError", "Partial request (did not match length of file)", true);
  begin_processing(world, film);
  return rupload_reply(200, Json{{"success", true}, {"message", "Upload successful."}});
}

}  // namespace

Reply debug_info(unsigned status, std::string_view type, const std::string& message, bool retriable) {
  const Json info = {{"retriable", retriable}, {"type", type}, {"message", message}};
  return rupload_reply(status, Json{{"debug_info", info}});
}

std::optional<std::uint64_t> number_header(const Request& request, std::string_view name) {
  return parse_number<std::uint64_t>(request.header(name));
}

Endpoint rupload_endpoint(const Request& request) {
  const auto path = split_path(request.path);
  const Service* service = service_of(path);
  const auto platform = service == nullptr ? kFacebook : service->needs.platform;
  return {{platform}, {"media-upload"}, Endpoint::Kind::api, request.host};
}

Reply rupload_answer(World& world, const Request& request) {
  const auto path = split_path(request.path);
  const Service* service = service_of(path);
  if (path.size() < 2 || service == nullptr) return debug_info(404, "NotFoundError", "No such upload service", false);
  if (auto refused = refuse_token(world, request, *service)) return std::move(*refused);
  Film* film = find_film(world, *service, path.back());
  if (film == nullptr) return debug_info(400, "ProcessingFailedError", "Request processing failed", false);
  if (request.method == "GET") return rupload_reply(200, Json{{"offset", film->upload.bytes.size()}});
  if (request.method != "POST") return debug_info(405, "MethodNotAllowedError", "Use GET or POST", false);
  if (is_whole(*film)) return debug_info(400, "ProcessingFailedError", "The upload has ended already", false);
  return take_bytes(world, request, *service, path.back(), *film);
}

}  // namespace outaged::sim
