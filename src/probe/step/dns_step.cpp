#include <algorithm>

#include "net/settings.hpp"
#include "probe/destination.hpp"
#include "probe/expectation.hpp"
#include "probe/step/step.hpp"
#include "probe/target.hpp"

namespace outaged::probe {

namespace {

/// Half of a step's time at most goes into finding its name server.
constexpr Micros kFindServer = std::chrono::seconds{1};

/// Where a name server is: the address that it last had. A server of the very zone that is gone cannot be looked up.
/// Looked up anew while that works, since these addresses move too.
boost::asio::awaitable<std::optional<std::string>> server_address(StepContext context, std::string written,
                                                                  Micros* spent) {
  if (net::parse_server(written)) co_return written;
  const auto colon = written.rfind(':');
  const std::string name = written.substr(0, colon);
  const std::string port = colon == std::string::npos ? std::string{} : written.substr(colon);
  const Micros time = std::min(kFindServer, context.timeout / 2);
  auto resolution = co_await context.resolver->resolve(name, std::nullopt, time);
  *spent += resolution.answer.took;
  if (!resolution.answer.failure) context.memory->note_address(name, resolution.address, context.now);
  const auto address = context.memory->last_address(name);
  if (!address) co_return std::nullopt;
  const bool v6 = address->find(':') != std::string::npos;
  co_return (v6 ? "[" + *address + "]" : *address) + port;
}

}  // namespace

boost::asio::awaitable<StepOutcome> run_dns_step(StepContext context) {
  const DnsStep& dns = *context.step->dns;
  net::DnsQuestion question;
  const std::string name = dns.name.render(*context.values);
  question.name = host_of(name);
  question.type = dns.type;
  StepOutcome outcome;
  StepResult record;
  record.step = context.index;
  record.kind = StepKind::dns;
  if (!is_destination(Destination::name, name)) {
    outcome.records.push_back(std::move(record));
    conclude(outcome, no_destination(dns.name, *context.values, name));
    co_return outcome;
  }
  if (dns.server) {
    const std::string written = dns.server->render(*context.values);
    if (!is_destination(Destination::name_server, written)) {
      outcome.records.push_back(std::move(record));
      conclude(outcome, no_destination(*dns.server, *context.values, written));
      co_return outcome;
    }
    const auto server = co_await server_address(context, written, &record.phases[Phase::dns]);
    if (!server) {
      outcome.records.push_back(std::move(record));
      conclude(outcome, {ResultClass::our_fault,
                         {Layer::dns, Phase::dns, "no_known_address",
                          "where the name server " + written + " is, is not known here"}});
      co_return outcome;
    }
    question.server = *server;
  }
  question.timeout = std::max(Micros{1000}, context.timeout - record.phases[Phase::dns]);
  const auto answer = co_await context.resolver->query(question);

  record.phases[Phase::dns] += answer.took;
  record.status = static_cast<std::uint16_t>(answer.rcode.value_or(0));
  record.address = host_of(answer.server);
  outcome.records.push_back(std::move(record));
  const auto& expect = context.step->expect;
  const auto& probe = context.definition->id;
  auto failure = unmet(expect, answer);
  if (!failure && expect.fingerprint) context.memory->recognises(probe, context.index, "answers", context.now);
  if (failure && expect.fingerprint && !context.memory->knows(probe, context.index)) {
    // Many networks let nobody but their own resolver ask: that server's silence may be our own doing.
    conclude(outcome, {ResultClass::our_fault,
                       {Layer::dns, Phase::dns, "never_answered",
                        question.server + " has never answered here; " + failure->detail}});
  } else if (failure) {
    conclude(outcome, classify_transport(std::move(*failure)));
  }
  outcome.slow = expect.latency && answer.took > *expect.latency;
  co_return outcome;
}

}  // namespace outaged::probe
