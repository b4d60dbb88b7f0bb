#include "outagesim/graph/envelope.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/json/write.hpp"
#include "outagesim/graph/call.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim::graph {
namespace {

constexpr std::string_view kJsonType = "application/json; charset=UTF-8";
/// The place of the request id in a body until finish() knows it.
constexpr std::string_view kTracePlace = "@trace@";
/// Calls of older versions are answered by the present one.
constexpr int kOldestMajor = 20;
constexpr int kNewestMajor = 26;

std::string random_text(World& world, std::size_t length) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += kLetters[world.random.below(kLetters.size())];
  return out;
}

/// The 23 of "v23.0"; parse_call has checked the form.
int major_of(std::string_view version) {
  int major = 0;
  std::from_chars(version.data() + 1, version.data() + version.size(), major);
  return major;
}

void add_usage(Reply& reply, World& world, const Call& call, std::string_view platform) {
  auto& limit = world.limits[std::string(platform)];
  const WallTime now = world.clock.wall_now();
  limit.count(now);
  const auto percent = limit.percent(now);
  const Micros closed_for = limit.closed_for(now);
  if (platform == kWhatsapp && (reply.status == 200 || closed_for > Micros{0})) {
    const Json entry = {
        {"type", "whatsapp"},
        {"call_count", percent},
        {"total_cputime", percent},
        {"total_time", percent},
        {"estimated_time_to_regain_access", std::chrono::ceil<std::chrono::minutes>(closed_for).count()}};
    const Json header = {{"102290129340398", Json::array({entry})}};
    reply.headers.emplace_back("X-Business-Use-Case-Usage", json::written(header));
  } else if (call.token) {
    const Json header = {{"call_count", percent}, {"total_cputime", percent}, {"total_time", percent}};
    reply.headers.emplace_back("X-App-Usage", json::written(header));
  }
  if (reply.status == 429 && closed_for > Micros{0}) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(closed_for).count();
    reply.headers.emplace_back("Retry-After", std::to_string(seconds));
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::string to_text(const Json& value) {
  // A slash stands only inside strings in JSON, so every one may be escaped.
  std::string text = json::written(value);
  replace_all(text, "/", "\\/");
  return text;
}

Reply answer(const Json& value) {
  Reply reply = text_reply(200, std::string(kJsonType), to_text(value));
  reply.headers.emplace_back("Cache-Control", "private, no-cache, no-store, must-revalidate");
  return reply;
}

Reply answer(const Error& error) {
  Json body = {{"message", error.message}, {"type", error.type}, {"code", error.code}};
  if (error.subcode) body["error_subcode"] = *error.subcode;
  if (error.transient) body["is_transient"] = *error.transient;
  if (!error.details.empty()) body["error_data"] = {{"messaging_product", "whatsapp"}, {"details", error.details}};
  body["fbtrace_id"] = kTracePlace;
  Reply reply = text_reply(error.status, std::string(kJsonType), to_text({{"error", body}}));
  reply.headers.emplace_back("Cache-Control", "no-store");
  std::string quoted = error.message;
  replace_all(quoted, "\"", "'");
  reply.headers.emplace_back("WWW-Authenticate",
                             fmt::format(R"(OAuth "Facebook Platform" "invalid_request" "{}")", quoted));
  reply.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
  reply.headers.emplace_back("Proxy-Status",
                             R"(http_request_error; e_proxy="sim"; e_fb_responsebytes="0", http_request_error)");
  return reply;
}

bool has_version(const Call& call) {
  return call.version.empty() || major_of(call.version) < kOldestMajor ||
         (major_of(call.version) <= kNewestMajor && call.version.ends_with(".0"));
}

void finish(Reply& reply, World& world, const Call& call, std::string_view platform) {
  const std::string trace = "A" + random_text(world, 22);
  replace_all(reply.body, kTracePlace, trace);
  const auto add = [&](const char* name, std::string value) { reply.headers.emplace_back(name, std::move(value)); };
  const bool retired = !call.version.empty() && major_of(call.version) < kOldestMajor;
  if (retired) add("X-Ad-Api-Version-Warning", "The call has been auto-upgraded to " + world.accounts.graph_version);
  add("Facebook-Api-Version",
      call.version.empty() || retired || !has_version(call) ? world.accounts.graph_version : call.version);
  add("Expires", "Sat, 01 Jan 2000 00:00:00 GMT");
  add("Pragma", "no-cache");
  add("Access-Control-Allow-Origin", "*");
  add("Vary", "Origin, Accept-Encoding");
  add("Strict-Transport-Security", "max-age=15552000; preload");
  add("X-Fb-Request-Id", trace);
  add("X-Fb-Trace-Id", random_text(world, 11));
  add("X-Fb-Rev", "1017000000");
  add("X-Fb-Debug", base64_encode(random_text(world, 64)));
  add("X-Fb-Connection-Quality", "EXCELLENT; q=0.9, rtt=5, rtx=0, c=10, mss=1380, tbw=3000, tp=-1, tpl=-1, uplat=40");
  add("Alt-Svc", "h3=\":443\"; ma=86400");
  add_usage(reply, world, call, platform);
}

Error unknown_object(std::string_view method, std::string_view id) {
  Error error;
  error.type = "GraphMethodException";
  error.code = 100;
  std::string verb = method == "GET" ? "get" : method == "DELETE" ? "delete" : "post";
  if (id.empty()) {
    error.message = fmt::format(
        "Unsupported {} request. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        verb);
    return error;
  }
  error.subcode = 33;
  error.message = fmt::format(
      "Unsupported {} request. Object with ID '{}' does not exist, cannot be loaded due to "
      "missing permissions, or does not support this operation. Please read the Graph API "
      "documentation at https://developers.facebook.com/docs/graph-api",
      verb, id);
  return error;
}

Error bad_parameter(const std::string& what) {
  Error error;
  error.message = "(#100) " + what;
  return error;
}

Error token_missing() {
  Error error;
  error.code = 104;
  error.message = "An access token is required to request this resource.";
  return error;
}

Error token_invalid() {
  Error error;
  error.status = 401;
  error.code = 190;
  error.message = "Invalid OAuth access token - Cannot parse access token";
  return error;
}

Error token_expired() {
  Error error;
  error.status = 401;
  error.code = 190;
  error.subcode = 463;
  error.message = "Error validating access token: Session has expired. The current time is later than its end.";
  return error;
}

Error session_dropped() {
  Error error;
  error.status = 400;
  error.code = 190;
  error.subcode = 467;
  error.message = "Error validating access token: The session is invalid because the user logged out.";
  return error;
}

Error permission_missing(std::string_view platform, std::string_view scope) {
  Error error;
  error.status = 403;
  error.code = platform == kWhatsapp ? 10 : 200;
  if (!scope.empty()) {
    error.message = fmt::format("(#{}) Requires {} permission to manage the object", error.code, scope);
  } else {
    error.message = platform == kWhatsapp ? "(#10) Application does not have permission for this action"
                                          : "(#200) Requires the permission of the owner to manage this object";
  }
  return error;
}

Error wrong_bearer(Bearer wanted) {
  Error error;
  error.status = 403;
  error.code = 200;
  error.message = fmt::format("(#200) A {} access token is required to request this resource.", to_string(wanted));
  return error;
}

Error rate_limited(std::string_view platform) {
  Error error;
  error.transient = true;
  error.subcode = 2446079;
  if (platform == kWhatsapp) {
    error.code = 80007;
    error.message = "(#80007) Rate limit issues";
  } else if (platform == kInstagram) {
    error.code = 80002;
    error.message = "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.";
  } else {
    error.status = 429;
    error.code = 4;
    error.message = "(#4) Application request limit reached";
  }
  return error;
}

Error server_trouble(std::int64_t code) {
  Error error;
  error.code = code;
  error.status = code == 2 ? 503 : 500;
  error.type = code >= 130'000 ? "OAuthException" : "GraphMethodException";
  if (code <= 2) error.transient = true;
  if (code == 2) {
    error.message = "Service temporarily unavailable";
  } else if (code == 131016) {
    error.message = "(#131016) Service unavailable";
  } else if (code >= 130'000) {
    error.message = fmt::format("(#{}) Something went wrong", code);
    error.details = "Message failed to send due to an unknown error.";
  } else {
    error.message = "An unknown error has occurred.";
  }
  return error;
}

}  // namespace outaged::sim::graph
