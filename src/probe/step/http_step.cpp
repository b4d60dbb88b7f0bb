#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "probe/destination.hpp"
#include "probe/expectation.hpp"
#include "probe/fingerprint.hpp"
#include "probe/http_request.hpp"
#include "probe/saving.hpp"
#include "probe/step/step.hpp"
#include "probe/target.hpp"
#include "probe/usage.hpp"

namespace outaged::probe {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Compares with how the target usually answers. An answer without content is nothing to get used to.
std::optional<Failure> unfamiliar(const StepContext& context, const Answer& answer) {
  const auto& step = *context.step;
  const auto& exchange = answer.exchange();
  const auto& probe = context.definition->id;
  if (exchange.status == 429) return Failure{Layer::http, Phase::receive, "status_429", evidence(exchange)};
  if (exchange.status == 200 && exchange.body.empty()) {
    const bool known = context.memory->knows(probe, context.index);
    return Failure{Layer::http, Phase::receive, known ? "gateway_empty" : "status_empty", evidence(exchange)};
  }
  const auto fingerprint = fingerprint_of(*step.expect.fingerprint, answer);
  if (context.memory->recognises(probe, context.index, fingerprint, context.now)) return std::nullopt;
  return Failure{Layer::http, Phase::receive, std::string{kStrange},
                 "answered as it has not before: " + fingerprint + "; usually " +
                     context.memory->usual(probe, context.index) + ", now " + evidence(exchange)};
}

/// Expectations, then the values to save: an answer without them is not as expected either.
void judge(StepContext context, const net::HttpExchange& exchange, StepOutcome& outcome) {
  const auto& step = *context.step;
  const Answer answer(exchange);
  auto failure = unmet(step.expect, answer, *context.values, context.now);
  for (const auto& [name, rule] : step.save) {
    if (failure) break;
    if (auto value = saved_value(name, rule, answer)) {
      outcome.saved[name] = std::move(*value);
    } else {
      failure = std::move(value).error();
    }
  }
  // An error that the rules know is not what was expected, even where the expectation has room for it.
  const bool may_be_trouble = step.expect.fingerprint || answer.number_at("/error/code").has_value();
  if (!failure && may_be_trouble && is_known_trouble(answer, step.classify, context.definition->table))
    failure = Failure{Layer::http, Phase::receive, std::string{kStrange}, {}};
  if (!failure && step.expect.fingerprint) failure = unfamiliar(context, answer);
  if (!failure && context.definition->vendor) {
    auto claims = read_vendor_page(*context.definition->vendor, exchange.body);
    if (claims) {
      outcome.vendor = std::move(*claims);
    } else {
      failure = Failure{Layer::content, Phase::receive, "unreadable",
                        "the status page cannot be read: " + claims.error() + "; " + evidence(exchange)};
    }
  }
  if (!failure) return;
  if (step.http->follow > 0 && is_redirect(exchange.status) && failure->kind.starts_with("status_")) {
    failure->kind = kTooManyRedirects;
    failure->detail = fmt::format("still redirected after {} redirects; {}", step.http->follow, failure->detail);
  }
  // Whether this target answers strangers with a server error always, nobody has said; it was never seen healthy.
  if (step.expect.fingerprint && failure->kind.starts_with("gateway_") &&
      !context.memory->knows(context.definition->id, context.index))
    failure->kind.replace(0, 7, "status");
  outcome.unexpected_answer = true;
  conclude(outcome, classify_answer(std::move(*failure), answer, step.classify, context.definition->table,
                                    context.definition->tier));
}

/// Where a redirect leads, or nothing with the verdict set. A server must not send us into our own network.
std::optional<std::string> next_address(const net::HttpExchange& exchange, const std::string& url,
                                        StepOutcome& outcome) {
  const auto* location = exchange.header("location");
  auto next = location == nullptr ? std::nullopt : follow_location(url, *location);
  if (!next)
    conclude(outcome, {ResultClass::our_fault,
                       {Layer::http, Phase::receive, "redirect_refused",
                        "a redirect that is not followed; " + evidence(exchange)}});
  return next;
}

}  // namespace

boost::asio::awaitable<StepOutcome> run_http_step(StepContext context) {
  const HttpStep& http = *context.step->http;
  StepOutcome outcome;
  net::HttpRequest request = build_request(http, *context.values);
  if (!is_destination(Destination::page, request.url)) {
    StepResult record;
    record.step = context.index;
    outcome.records.push_back(std::move(record));
    conclude(outcome, no_destination(http.url, *context.values, request.url));
    co_return outcome;
  }
  bool came_from_outside = false;
  for (std::int64_t hop = 0;; ++hop) {
    StepResult record;
    record.step = context.index;
    const Micros left = context.timeout - outcome.took();
    const auto host = host_of(request.url);
    const auto address = co_await find_address(context, host, http.ip, left, &record, &outcome);
    if (!address) break;
    if (came_from_outside && is_internal_address(*address)) {
      outcome.records.push_back(record);
      conclude(outcome, {ResultClass::our_fault,
                         {Layer::http, std::nullopt, "redirect_refused", "redirected to an internal address"}});
      break;
    }
    came_from_outside = !is_internal_address(*address);
    request.address = *address;
    request.timeout = left - record.phases.total();
    auto exchange = co_await context.engine->perform(request);
    note_exchange(exchange, record);
    outcome.records.push_back(std::move(record));
    if (hop == 0) outcome.loop_lag = exchange.loop_lag;
    if (exchange.failure) {
      conclude(outcome, classify_transport(std::move(*exchange.failure)));
      break;
    }
    outcome.usage.add(usage_of(exchange, context.now));
    if (hop >= http.follow || !is_redirect(exchange.status)) {
      judge(context, exchange, outcome);
      break;
    }
    auto next = next_address(exchange, request.url, outcome);
    if (!next) break;
    // Headers may carry credentials: they go to nobody but the origin that they were meant for. Another port may be
    // another's server, and http would show them to everybody on the way.
    if (!same_origin(*next, request.url)) request.headers.clear();
    request.method = "GET";
    request.body.clear();
    request.url = std::move(*next);
  }
  const auto& latency = context.step->expect.latency;
  outcome.slow = latency && outcome.took() > *latency;
  co_return outcome;
}

}  // namespace outaged::probe
