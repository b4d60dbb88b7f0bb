#include "probe/step/step.hpp"

namespace outaged::probe {

boost::asio::awaitable<std::optional<std::string>> find_address(StepContext context, std::string host,
                                                                std::optional<net::IpFamily> family, Micros timeout,
                                                                StepResult* record, StepOutcome* outcome) {
  auto resolution = co_await context.resolver->resolve(host, family, timeout);
  record->phases[Phase::dns] += resolution.answer.took;
  if (!resolution.answer.failure) {
    context.memory->note_address(host, resolution.address, context.now);
    co_return std::move(resolution.address);
  }
  const auto& step = *context.step;
  if ((step.tcp && step.tcp->last_known) || (step.tls && step.tls->last_known)) {
    if (auto known = context.memory->last_address(host)) co_return known;
    outcome->records.push_back(*record);
    conclude(*outcome, {ResultClass::our_fault,
                        {Layer::local, Phase::dns, "no_known_address",
                         host + " does not resolve, and where it led before is not known here"}});
    co_return std::nullopt;
  }
  outcome->records.push_back(*record);
  conclude(*outcome, classify_transport(std::move(*resolution.answer.failure)));
  co_return std::nullopt;
}

void note_exchange(const net::HttpExchange& exchange, StepResult& record) {
  record.phases += exchange.phases;
  record.address = exchange.address;
  record.status = exchange.status;
  record.bytes_sent = exchange.bytes_sent;
  record.bytes_received = exchange.bytes_received;
  record.certificate_ends = exchange.certificate_ends;
}

void conclude(StepOutcome& outcome, Verdict verdict) {
  auto& record = outcome.records.back();
  record.result_class = verdict.result_class;
  record.failure = verdict.failure;
  outcome.verdict = std::move(verdict);
}

}  // namespace outaged::probe
