#include "outagesim/router.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

#include <fmt/chrono.h>

#include "outagesim/cdn.hpp"
#include "outagesim/graph/api.hpp"
#include "outagesim/rupload.hpp"
#include "outagesim/vendor_pages.hpp"
#include "outagesim/web.hpp"

namespace outaged::sim {
namespace {

using namespace std::chrono_literals;

/// Who answers a request and how. `failing` makes the answers of layers api and auth, where the endpoint has such.
struct Site {
  Endpoint endpoint;
  std::function<Reply()> healthy;
  std::function<Reply(const Strike&)> failing;
};

/// Layer auth where there is no Graph envelope.
Reply failing_page(const Strike&) {
  return edge_error(500);
}

/// `request` and `call` must outlive the site.
Site find_site(World& world, const Host& host, const Request& request, const graph::Call& call) {
  switch (host.role) {
    case Role::graph: {
      auto target = graph::find_target(world, call);
      return {target.endpoint, target.answer, [&world, &call, endpoint = target.endpoint](const Strike& strike) {
                return graph::failing_answer(world, call, endpoint, strike);
              }};
    }
    case Role::rupload:
      return {rupload_endpoint(request), [&] { return rupload_answer(world, request); },
              [](const Strike& strike) {
                if (strike.fault.layer == FaultLayer::auth)
                  return debug_info(400, "NotAuthorizedError", "The session is invalid", false);
                return debug_info(500, "ProcessingFailedError", R"({"success":false,"error":"try again"})", true);
              }};
    case Role::lookaside:
      return {lookaside_endpoint(request), [&] { return lookaside_answer(world, request); }, failing_page};
    case Role::cdn: return {cdn_endpoint(request), [&] { return cdn_answer(world, request); }, failing_page};
    case Role::media: return {media_tier_endpoint(request), [&] { return media_tier_answer(request); }, failing_page};
    case Role::vendor: return {vendor_endpoint(request), [&] { return vendor_answer(world, request); }, failing_page};
    case Role::control: return {control_endpoint(request), [&] { return control_answer(request); }, failing_page};
    case Role::web:
    case Role::chat: break;
  }
  return {web_endpoint(host, request), [&] { return web_answer(host, request); }, failing_page};
}

Reply without_answer(Delivery delivery) {
  Reply reply;
  reply.status = 0;
  reply.delivery = delivery;
  return reply;
}

Reply play_edge(const std::string& shape, Reply healthy) {
  if (shape == "empty") return text_reply(200, "text/html", "");
  if (shape == "close") return without_answer(Delivery::close);
  if (shape == "reset") return without_answer(Delivery::reset);
  if (shape == "timeout") return without_answer(Delivery::silence);
  if (shape == "stall") {
    healthy.delivery = Delivery::stall_body;
    healthy.deliver_bytes = healthy.body.size() / 3;
    return healthy;
  }
  unsigned status = 503;
  std::from_chars(shape.data(), shape.data() + shape.size(), status);
  return edge_error(status);
}

Micros usual_delay(World& world, const FaultPlan::Pace& pace) {
  const double milliseconds = world.random.uniform(2.0, 12.0) * pace.factor;
  return Micros{static_cast<std::int64_t>(milliseconds * 1000)} + pace.added;
}

/// RFC 9110 §5.6.7.
std::string http_date(WallTime time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<std::time_t>(unix_seconds(time))));
}

/// A fault of this layer is played by the endpoint itself, instead of its healthy answer.
bool by_application(FaultLayer layer) {
  return layer == FaultLayer::api || layer == FaultLayer::auth;
}

}  // namespace

Reply play(const Strike& strike, const Request& request, Reply healthy) {
  switch (strike.fault.layer) {
    case FaultLayer::tcp:
    case FaultLayer::tls:
      // For one function of a shared host: as near as it comes once the request is known.
      return without_answer(strike.shape == "silent" ? Delivery::silence : Delivery::reset);
    case FaultLayer::http_5xx: return play_edge(strike.shape, std::move(healthy));
    case FaultLayer::partial_content:
      if (strike.shape == "missing") {
        healthy.body.clear();
        return healthy;
      }
      healthy.delivery = Delivery::cut_body;
      healthy.deliver_bytes = static_cast<std::size_t>(static_cast<double>(healthy.body.size()) * strike.fraction);
      return healthy;
    case FaultLayer::timeout: return without_answer(Delivery::silence);
    case FaultLayer::stall:
      healthy.delivery = Delivery::stall_body;
      healthy.deliver_bytes = static_cast<std::size_t>(static_cast<double>(healthy.body.size()) * strike.fraction);
      return healthy;
    case FaultLayer::blocked: return turned_away(request, strike.shape);
    case FaultLayer::dns:
    case FaultLayer::slow:
    case FaultLayer::api:
    case FaultLayer::auth: break;
  }
  return healthy;
}

/// Upload sessions keep what has come before the connection broke; a client asks for the offset and goes on from there.
void Router::keep_partial_bytes(const Request& request) {
  const Host* host = find_host(request.host);
  if (host == nullptr || request.method != "POST") return;
  const bool session = host->role == Role::graph && request.path.find("/upload:") != std::string::npos;
  if (!session && host->role != Role::rupload) return;
  const graph::Call call = session ? graph::parse_call(request) : graph::Call{};
  // There is nobody left to hear the answer.
  find_site(world_, *host, request, call).healthy();
}

Outcome Router::answer(const Request& request) {
  if (!request.complete) {
    keep_partial_bytes(request);
    return {};
  }
  JournalEntry entry;
  entry.at = world_.clock.wall_now();
  entry.stage = "request";
  entry.host = request.host;
  entry.request = request.method + " " + request.path;
  Outcome outcome;
  const Host* host = find_host(request.host);
  if (host == nullptr || host->role == Role::chat) {
    outcome.reply = text_reply(404, "text/plain", "The simulator does not play this host\n");
    entry.status = outcome.reply.status;
    journal_.add(std::move(entry));
    return outcome;
  }
  const graph::Call call = host->role == Role::graph ? graph::parse_call(request) : graph::Call{};
  Site site = find_site(world_, *host, request, call);
  site.endpoint.family = request.family;
  outcome.delay = usual_delay(world_, plan_.pace(site.endpoint));
  const auto strike = plan_.strike(site.endpoint);
  if (strike && by_application(strike->fault.layer)) {
    outcome.reply = site.failing(*strike);
  } else if (strike && strike->fault.layer != FaultLayer::stall && strike->fault.layer != FaultLayer::slow &&
             strike->fault.layer != FaultLayer::partial_content && strike->shape != "stall") {
    // What the edge does alone must not change what the application has stored.
    outcome.reply = play(*strike, request, {});
  } else {
    outcome.reply = site.healthy();
    if (strike) outcome.reply = play(*strike, request, std::move(outcome.reply));
    if (strike && strike->fault.layer == FaultLayer::slow)
      outcome.delay += strike->fault.latency.count() > 0 ? strike->fault.latency : Micros{3s};
  }
  outcome.reply.headers.emplace_back("Date", http_date(entry.at));
  entry.platform = joined(site.endpoint.platforms);
  entry.function = joined(site.endpoint.functions);
  entry.status = outcome.reply.status;
  if (strike) entry.fault = name_of(*strike);
  journal_.add(std::move(entry));
  return outcome;
}

}  // namespace outaged::sim
