#include "probe/expectation.hpp"
#include "probe/step/step.hpp"
#include "probe/target.hpp"

namespace outaged::probe {

boost::asio::awaitable<StepOutcome> run_dns_step(StepContext context) {
  const DnsStep& dns = *context.step->dns;
  net::DnsQuestion question;
  question.name = host_of(dns.name.render(*context.values));
  question.type = dns.type;
  question.timeout = context.timeout;
  if (dns.server) question.server = dns.server->render(*context.values);
  const auto answer = co_await context.resolver->query(question);

  StepOutcome outcome;
  StepResult record;
  record.step = context.index;
  record.kind = StepKind::dns;
  record.phases[Phase::dns] = answer.took;
  record.status = static_cast<std::uint16_t>(answer.rcode.value_or(0));
  record.address = host_of(answer.server);
  outcome.records.push_back(std::move(record));
  const auto& expect = context.step->expect;
  if (auto failure = unmet(expect, answer)) conclude(outcome, classify_transport(std::move(*failure)));
  outcome.slow = expect.latency && answer.took > *expect.latency;
  co_return outcome;
}

}  // namespace outaged::probe
