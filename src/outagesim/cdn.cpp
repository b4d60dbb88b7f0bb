#include "outagesim/cdn.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/number.hpp"
#include "outagesim/byte_range.hpp"
#include "outagesim/graph/access.hpp"
#include "outagesim/graph/call.hpp"
#include "outagesim/hosts.hpp"
#include "outagesim/picture.hpp"

namespace outaged::sim {
namespace {

constexpr std::int64_t kLifetimeSeconds = 4LL * 24 * 3600;
constexpr PictureSize kPictureSize{480, 320};

std::string picture_path(std::string_view host, const std::string& name, std::string_view extension) {
  const bool instagram = host.ends_with(".cdninstagram.com");
  return fmt::format("/v/{}/{}_n.{}", instagram ? "t51.2885-15" : "t39.30808-6", name, extension);
}

std::string picture_signature(const World& world, std::string_view host, std::string_view path, std::string_view ends) {
  return "00_Af" + signature(world, fmt::format("{}|{}|{}", host, path, ends));
}

/// RFC 1950 §9.
std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (const char c : bytes) {
    low = (low + static_cast<unsigned char>(c)) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16U | low;
}

std::string content_digest(std::string_view bytes) {
  return fmt::format("adler32={}", adler32(bytes));
}

Reply refuse(const char* text) {
  Reply reply = text_reply(403, "text/plain", text);
  reply.headers.emplace_back("Server", "proxygen-bolt");
  reply.headers.emplace_back("Proxy-Status", R"(http_request_error; e_proxy="sim"; e_fb_vip="sim")");
  return reply;
}

std::string query_value(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string{} : found->second;
}

std::uint64_t picture_seed(const World& world, std::string_view path) {
  return parse_number<std::uint64_t>(signature(world, path).substr(0, 15), 16).value_or(0);
}

/// Stored bytes, by the ending of their path.
Reply stored_object(const World& world, std::string_view path) {
  // One pixel, and the beginning of a film: nobody here looks further.
  if (path.ends_with(".webp"))
    return text_reply(200, "image/webp", *base64_decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="));
  if (path.ends_with(".mp4"))
    return text_reply(200, "video/mp4", *base64_decode("AAAAGGZ0eXBtcDQyAAAAAG1wNDJpc29t") + std::string(50'000, '\0'));
  return text_reply(200, "image/jpeg", jpeg_picture(picture_seed(world, path), kPictureSize));
}

/// "image/png" → "png".
std::string extension_of(std::string_view mime) {
  return std::string(mime.substr(mime.find('/') + 1));
}

}  // namespace

std::string picture_url(const World& world, std::string_view host, const std::string& name,
                        std::string_view extension) {
  const std::string path = picture_path(host, name, extension);
  const std::string ends = fmt::format("{:X}", unix_seconds(world.clock.wall_now()) + kLifetimeSeconds);
  return fmt::format("{}{}?_nc_cat=101&ccb=1-7&_nc_sid=127cfc&_nc_ohc=sim&_nc_ht={}&oh={}&oe={}", base_url(world, host),
                     path, host, picture_signature(world, host, path, ends), ends);
}

Endpoint cdn_endpoint(const Request& request) {
  const Host* host = find_host(request.host);
  const std::string_view platform = host == nullptr ? kFacebook : host->platform;
  return {{platform}, {"media-download"}, Endpoint::Kind::bytes, request.host, false};
}

Reply cdn_answer(const World& world, const Request& request) {
  if (request.method != "GET" && request.method != "HEAD")
    return text_reply(400, "text/html; charset=utf-8",
                      "<!DOCTYPE html><html><head><title>4xx Client Error</title></head><body>4xx Client Error</body>"
                      "</html>");
  const std::string ends = query_value(request, "oe");
  if (query_value(request, "oh") != picture_signature(world, request.host, request.path, ends))
    return refuse("URL signature mismatch");
  const auto end_time = parse_number<std::uint64_t>(ends, 16);
  if (!end_time || static_cast<std::int64_t>(*end_time) < unix_seconds(world.clock.wall_now()))
    return refuse("URL signature expired");
  Reply reply = stored_object(world, request.path);
  const auto add = [&](const char* name, std::string value) { reply.headers.emplace_back(name, std::move(value)); };
  add("Cache-Control", "max-age=1209600, no-transform");
  add("Last-Modified", "Tue, 05 Mar 2024 08:00:00 GMT");
  add("Content-Digest", content_digest(reply.body));
  add("X-Needle-Checksum", "2183071917");
  add("X-Fb-Edge-Debug", "simulated");
  add("Access-Control-Allow-Origin", "*");
  add("Cross-Origin-Resource-Policy", "cross-origin");
  add("Alt-Svc", "h3=\":443\"; ma=86400");
  return reply;
}

Endpoint lookaside_endpoint(const Request& request) {
  return {{kWhatsapp}, {"media-download"}, Endpoint::Kind::bytes, request.host};
}

Reply lookaside_answer(World& world, const Request& request) {
  Reply not_found = text_reply(404, "text/html; charset=utf-8", "<html><title>Error</title></html>");
  const auto token = graph::bearer_of(request);
  // Without a good token, and after the address has expired, the file is as good as not there.
  if (graph::refusal(world, token, {kWhatsapp, {}, "whatsapp_business_messaging"})) return not_found;
  const std::string id = query_value(request, "mid");
  const std::string ends = query_value(request, "ext");
  if (query_value(request, "hash") != signature(world, fmt::format("{}:{}", id, ends))) return not_found;
  std::int64_t end_time = 0;
  std::from_chars(ends.data(), ends.data() + ends.size(), end_time);
  const WhatsappMedia* media = find_media(world, id);
  if (media == nullptr || end_time < unix_seconds(world.clock.wall_now())) return not_found;
  Reply reply = text_reply(200, media->mime_type, media->bytes);
  const auto add = [&](const char* name, std::string value) { reply.headers.emplace_back(name, std::move(value)); };
  add("Content-Disposition", "inline;filename=File_" + id + "." + extension_of(media->mime_type));
  add("ETag", "\"" + media->sha256.substr(0, 32) + "\"");
  add("Accept-Ranges", "bytes");
  add("Content-Digest", content_digest(media->bytes));
  add("X-Manifold-Obj-Size", std::to_string(media->bytes.size()));
  add("Cache-Control", "private, no-cache, no-store, must-revalidate");
  add("Strict-Transport-Security", "max-age=15552000; preload");
  return ranged(request, std::move(reply));
}

}  // namespace outaged::sim
