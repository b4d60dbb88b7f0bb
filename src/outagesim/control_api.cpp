#include "outagesim/control_api.hpp"

#include <charconv>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/json/parse.hpp"
#include "base/json/shape.hpp"
#include "base/json/write.hpp"
#include "base/units.hpp"

namespace outaged::sim {
namespace {

using json::Json;

struct TokensChange {
  TokenState state = TokenState::valid;
};

struct LimitChange {
  std::int64_t calls_per_hour = 0;
};

struct FeedChange {
  std::vector<PostKind> newest;
};

struct TokenChange {
  std::optional<std::vector<std::string>> scopes;
  std::optional<Micros> expires_after;
};

struct VendorChange {
  std::vector<std::string> platforms;
  std::string title = "Some requests fail";
  std::optional<Micros> acknowledged_after;
  std::optional<Micros> resolved_after;
};

Reply json_reply(unsigned status, const Json& body) {
  return text_reply(status, "application/json", json::written(body, 2) + "\n");
}

Reply refuse(unsigned status, const std::string& reason) {
  return json_reply(status, {{"error", reason}});
}

Reply refuse(const json::Faults& faults) {
  Json reasons = Json::array();
  for (const auto& fault : faults) reasons.push_back(json::to_string(fault));
  return json_reply(400, {{"error", "the request cannot be understood"}, {"reasons", reasons}});
}

/// The body as a T, or the answer that says what is wrong with it.
template <class T>
Expected<T, Reply> read_body(const Request& request, const json::Shape<T>& shape) {
  const auto value = json::parse_untrusted(request.body, 16);
  if (!value) return Unexpected{refuse(400, value.error())};
  json::Faults faults;
  auto read = shape.read(*value, json::Cursor("body", faults));
  if (!read) return Unexpected{refuse(faults)};
  return std::move(*read);
}

std::uint64_t number_in(const Request& request, const std::string& name, std::uint64_t fallback) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return fallback;
  std::uint64_t value = fallback;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

Json faults_json(const FaultPlan& plan) {
  return faults_shape().write(plan.faults());
}

const json::Shape<NetworkCut>& network_shape() {
  static const auto shape = json::object<NetworkCut>()
                                .required("cut", &NetworkCut::cut, json::boolean(), "Control hosts refuse.")
                                .field("platforms", &NetworkCut::platforms, json::boolean(), "Platforms refuse too.")
                                .field("dns", &NetworkCut::dns, json::boolean(), "The name server is silent too.")
                                .build();
  return shape;
}

const json::Shape<VendorChange>& vendor_shape() {
  using namespace std::chrono_literals;
  static const auto shape =
      json::object<VendorChange>()
          .required("platforms", &VendorChange::platforms, json::list(json::nonempty_text(), 0, 8), "Whom it is about.")
          .field("title", &VendorChange::title, json::nonempty_text(), "What it says.")
          .field("acknowledged_after", &VendorChange::acknowledged_after, json::duration(0s, 24h * 30), "When.")
          .field("resolved_after", &VendorChange::resolved_after, json::duration(0s, 24h * 30), "When it is over.")
          .build();
  return shape;
}

const json::Shape<TokensChange>& tokens_shape() {
  static const auto shape = json::object<TokensChange>()
                                .required("state", &TokensChange::state, json::choice<TokenState>(), "From now on.")
                                .build();
  return shape;
}

const json::Shape<LimitChange>& limit_shape() {
  static const auto shape = json::object<LimitChange>()
                                .required("calls_per_hour", &LimitChange::calls_per_hour,
                                          json::integer(1, 1'000'000'000), "Calls of the Graph API; at most.")
                                .build();
  return shape;
}

const json::Shape<FeedChange>& feed_shape() {
  static const auto shape =
      json::object<FeedChange>()
          .required("newest", &FeedChange::newest, json::list(json::choice<PostKind>(), 0, 100), "Newest first.")
          .build();
  return shape;
}

const json::Shape<TokenChange>& token_shape() {
  using namespace std::chrono_literals;
  static const auto shape =
      json::object<TokenChange>()
          .field("scopes", &TokenChange::scopes, json::list(json::nonempty_text(), 0, 32), "Permissions, and no other.")
          .field("expires_after", &TokenChange::expires_after, json::duration(0s, 24h * 3660), "Until when it is good.")
          .build();
  return shape;
}

Json token_json(const Token& token) {
  Json out = {{"platform", token.platform}, {"bearer", to_string(token.bearer)}, {"scopes", token.scopes}};
  if (token.expires) out["expires"] = format_time(*token.expires);
  return out;
}

}  // namespace

ControlApi::ControlApi(World& world, FaultPlan& plan, Journal& journal, Hooks hooks)
    : world_(world), plan_(plan), journal_(journal), hooks_(std::move(hooks)) {}

Reply ControlApi::answer(const Request& request) {
  if (!request.complete) return {};
  const auto path = split_path(request.path);
  const std::string first = path.empty() ? "" : path.front();
  if (first == "faults" && path.size() <= 2) return change_faults(request, path);
  if (first == "services" && request.method == "POST") return show_alert(request);
  if (first == "tokens" && path.size() == 2 && request.method == "PUT")
    return world_.tokens.of_secret(path[1]) != nullptr ? set_token(request, path[1]) : set_tokens(request, path[1]);
  if (first == "limits" && path.size() == 2 && request.method == "PUT") return set_limit(request, path[1]);
  if (first == "feeds" && path.size() == 2 && request.method == "PUT") return set_feed(request, path[1]);
  if (path.size() == 1 && first == "vendor" && request.method == "PUT") return set_vendor(request);
  if (path.size() == 1 && first == "control-hosts" && request.method == "PUT") return set_network(request);
  if (path.size() == 1 && request.method == "GET") {
    if (first == "healthz") return json_reply(200, {{"status", "ok"}});
    if (first == "state") return show_state();
    if (first == "journal") return show_journal(request);
  }
  return refuse(404, "no such resource or method");
}

Reply ControlApi::change_faults(const Request& request, const std::vector<std::string>& path) {
  if (path.size() == 2) {
    std::int64_t id = 0;
    std::from_chars(path[1].data(), path[1].data() + path[1].size(), id);
    if (request.method != "DELETE") return refuse(405, "use DELETE");
    if (!plan_.remove(id)) return refuse(404, "no such fault");
  } else if (request.method == "PUT") {
    auto faults = read_body(request, faults_shape());
    if (!faults) return std::move(faults).error();
    plan_.set(std::move(*faults));
  } else if (request.method == "POST") {
    auto fault = read_body(request, fault_shape());
    if (!fault) return std::move(fault).error();
    const auto id = plan_.add(std::move(*fault));
    hooks_.faults_changed();
    return json_reply(200, {{"id", id}});
  } else if (request.method == "DELETE") {
    plan_.set({});
  } else if (request.method != "GET") {
    return refuse(405, "use GET, PUT, POST or DELETE");
  }
  if (request.method != "GET") hooks_.faults_changed();
  return json_reply(200, faults_json(plan_));
}

Reply ControlApi::set_network(const Request& request) {
  const auto cut = read_body(request, network_shape());
  if (!cut) return cut.error();
  hooks_.network(*cut);
  return json_reply(200, network_shape().write(*cut));
}

Reply ControlApi::set_vendor(const Request& request) {
  const auto change = read_body(request, vendor_shape());
  if (!change) return change.error();
  const auto from_now = [this](const std::optional<Micros>& wait) {
    return wait ? std::optional(world_.clock.wall_now() + *wait) : std::nullopt;
  };
  world_.vendor = {
      change->platforms, {}, change->title, from_now(change->acknowledged_after), from_now(change->resolved_after)};
  return json_reply(200, vendor_shape().write(*change));
}

Reply ControlApi::set_tokens(const Request& request, const std::string& platform) {
  const auto change = read_body(request, tokens_shape());
  if (!change) return change.error();
  if (!world_.tokens.set_state(platform, change->state)) return refuse(404, "no such platform or secret");
  return json_reply(200, tokens_shape().write(*change));
}

Reply ControlApi::set_token(const Request& request, const std::string& secret) {
  const auto change = read_body(request, token_shape());
  if (!change) return change.error();
  Token& token = *world_.tokens.of_secret(secret);
  if (change->scopes) token.scopes = *change->scopes;
  if (change->expires_after) token.expires = world_.clock.wall_now() + *change->expires_after;
  return json_reply(200, token_json(token));
}

Reply ControlApi::set_limit(const Request& request, const std::string& platform) {
  const auto change = read_body(request, limit_shape());
  if (!change) return change.error();
  if (!world_.tokens.states().contains(platform)) return refuse(404, "no such platform");
  world_.limits[platform].allow(static_cast<std::uint64_t>(change->calls_per_hour));
  return json_reply(200, limit_shape().write(*change));
}

Reply ControlApi::set_feed(const Request& request, const std::string& platform) {
  const auto change = read_body(request, feed_shape());
  if (!change) return change.error();
  if (platform != kFacebook && platform != kInstagram) return refuse(404, "this platform has no feed");
  world_.newest_posts[platform] = change->newest;
  return json_reply(200, feed_shape().write(*change));
}

/// Stands for a chat's webhook in the demonstration: what is posted appears where the simulator was started.
Reply ControlApi::show_alert(const Request& request) {
  const auto message = json::parse_untrusted(request.body);
  std::string text;
  if (message && message->is_object() && message->contains("text") && message->at("text").is_string())
    text = message->at("text").get<std::string>();
  if (text.empty()) return refuse(400, "no text");
  std::string line = "\n──── alert ────\n" + text + "\n";
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
  return text_reply(200, "text/html", "ok");
}

Reply ControlApi::show_journal(const Request& request) const {
  const auto limit = std::min<std::uint64_t>(number_in(request, "limit", 1000), 10'000);
  const auto after = number_in(request, "after", 0);
  return json_reply(200, {{"last", journal_.last()}, {"entries", journal_.entries(after, limit)}});
}

Reply ControlApi::show_state() const {
  Json state = hooks_.state();
  state["time"] = format_time(world_.clock.wall_now());
  state["faults"] = faults_json(plan_);
  for (const auto& [platform, token] : world_.tokens.states()) state["tokens"][platform] = to_string(token);
  for (const auto& [secret, token] : world_.tokens.all()) state["secrets"][secret] = token_json(token);
  for (const auto& [platform, limit] : world_.limits)
    state["limits"][platform] = {{"calls_per_hour", limit.hourly()},
                                 {"used_percent", limit.percent(world_.clock.wall_now())}};
  state["journal"] = {{"last", journal_.last()}, {"struck", journal_.struck()}};
  state["stored"] = {{"whatsapp_media", world_.whatsapp_media.size()},
                     {"uploads", world_.uploads.size()},
                     {"containers", world_.containers.size()},
                     {"photos", world_.photos.size()},
                     {"videos", world_.videos.size()}};
  return json_reply(200, state);
}

}  // namespace outaged::sim
