#include "probe/destination.hpp"
#include "probe/expectation.hpp"
#include "probe/step/step.hpp"
#include "probe/target.hpp"

namespace outaged::probe {

boost::asio::awaitable<StepOutcome> run_connect_step(StepContext context) {
  const bool tls = context.step->tls.has_value();
  const ConnectStep& connect = tls ? *context.step->tls : *context.step->tcp;
  StepOutcome outcome;
  StepResult record;
  record.step = context.index;
  record.kind = context.step->kind();
  const std::string written = connect.target.render(*context.values);
  auto target = is_destination(Destination::server, written) ? parse_target(written) : std::nullopt;
  if (!target) {
    outcome.records.push_back(record);
    conclude(outcome, no_destination(connect.target, *context.values, written));
    co_return outcome;
  }
  const auto address = co_await find_address(context, target->host, connect.ip, context.timeout, &record, &outcome);
  if (!address) co_return outcome;

  target->scheme = tls ? "https" : "http";
  net::HttpRequest request;
  request.reach = tls ? net::Reach::tls : net::Reach::tcp;
  request.url = origin_of(*target);
  request.address = *address;
  request.timeout = context.timeout - record.phases.total();
  auto exchange = co_await context.engine->perform(request);
  note_exchange(exchange, record);
  outcome.loop_lag = exchange.loop_lag;
  outcome.records.push_back(std::move(record));
  const auto& expect = context.step->expect;
  // Whoever refuses is there.
  if (connect.refusal && exchange.failure && exchange.failure->kind == "refused") exchange.failure.reset();
  if (exchange.failure) {
    conclude(outcome, classify_transport(std::move(*exchange.failure)));
  } else if (expect.certificate && exchange.certificate_ends &&
             *exchange.certificate_ends < context.now + *expect.certificate) {
    conclude(outcome, {ResultClass::platform_failure,
                       {Layer::tls, Phase::tls, "certificate_ends_soon",
                        "the certificate ends on " + format_date(*exchange.certificate_ends)}});
  }
  outcome.slow = expect.latency && outcome.took() > *expect.latency;
  co_return outcome;
}

}  // namespace outaged::probe
