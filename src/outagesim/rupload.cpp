#include "outagesim/rupload.hpp"

#include <charconv>

#include <nlohmann/json.hpp>

#include "outagesim/graph/access.hpp"
#include "outagesim/graph/call.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim {
namespace {

using graph::Json;
constexpr std::string_view kService = "ig-api-upload";
constexpr std::uint64_t kMaxVideo = 32U << 20U;
/// How long a simulated video is processed.
constexpr std::chrono::seconds kProcessing{2};

Reply rupload_reply(unsigned status, const Json& body) {
  Reply reply = text_reply(status, "application/json; charset=utf-8", graph::to_text(body));
  reply.headers.emplace_back("X-Fb-Debug", "simulated");
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return reply;
}

std::optional<Reply> refuse_token(const World& world, const Request& request) {
  const auto token = graph::bearer_of(request);
  const auto error = graph::refusal(world, token, {kInstagram, {}, "instagram_content_publish"});
  if (!error) return std::nullopt;
  // A token that has ended is told so in the API's own words; one that was never good, in this host's.
  if (error->code == 190 && error->subcode) return graph::answer(*error);
  return debug_info(400, "NotAuthorizedError", "Authentication failed", false);
}

void begin_processing(World& world, Container& container) {
  // A film begins with its file type box (ISO/IEC 14496-12 §4.3).
  if (container.upload.bytes.size() >= 12 && container.upload.bytes.compare(4, 4, "ftyp") == 0) {
    container.ready = world.clock.wall_now() + kProcessing;
  } else {
    container.error = "Error: 2207026, the video format is not supported";
  }
}

Reply take_bytes(World& world, const Request& request, const std::string& id, Container& container) {
  const auto offset = number_header(request, "offset");
  const auto length = number_header(request, "file_size");
  Upload& upload = container.upload;
  if (!offset || !length || *length == 0 || *length > kMaxVideo || (upload.length != 0 && upload.length != *length))
    return debug_info(400, "ProcessingFailedError", "Request processing failed", false);
  if (*offset != upload.bytes.size())
    return debug_info(412, "OffsetInvalidError", "Request starting offset is invalid", true);
  upload.length = *length;
  upload.bytes += request.body.substr(0, upload.length - upload.bytes.size());
  world.containers.resize(id, upload.length);
  if (upload.bytes.size() < upload.length)
    return debug_info(200, "PartialRequestError", "Partial request (did not match length of file)", true);
  begin_processing(world, container);
  return rupload_reply(200, Json{{"success", true}, {"message", "Upload successful."}});
}

}  // namespace

Reply debug_info(unsigned status, std::string_view type, const std::string& message, bool retriable) {
  const Json info = {{"retriable", retriable}, {"type", type}, {"message", message}};
  return rupload_reply(status, Json{{"debug_info", info}});
}

std::optional<std::uint64_t> number_header(const Request& request, std::string_view name) {
  const auto text = request.header(name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Endpoint rupload_endpoint(const Request& request) {
  const auto path = split_path(request.path);
  const bool instagram = !path.empty() && path.front() == kService;
  return {{instagram ? kInstagram : kFacebook}, {"media-upload"}, Endpoint::Kind::api, request.host};
}

Reply rupload_answer(World& world, const Request& request) {
  const auto path = split_path(request.path);
  if (path.size() < 2 || path.front() != kService)
    return debug_info(404, "NotFoundError", "No such upload service", false);
  if (auto refused = refuse_token(world, request)) return std::move(*refused);
  Container* container = world.containers.find(path.back());
  if (container == nullptr || container->kind != Container::Kind::video)
    return debug_info(400, "ProcessingFailedError", "Request processing failed", false);
  if (request.method == "GET") return rupload_reply(200, Json{{"offset", container->upload.bytes.size()}});
  if (request.method != "POST") return debug_info(405, "MethodNotAllowedError", "Use GET or POST", false);
  if (!container->error.empty() || container->ready)
    return debug_info(400, "ProcessingFailedError", "The upload has ended already", false);
  return take_bytes(world, request, path.back(), *container);
}

}  // namespace outaged::sim
