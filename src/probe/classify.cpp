#include "probe/classify.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "probe/expectation.hpp"

namespace outaged::probe {
namespace {

constexpr const char* kCode = "/error/code";
constexpr const char* kSubcode = "/error/error_subcode";

bool lists(const std::vector<std::int64_t>& numbers, std::optional<std::int64_t> number) {
  return number && std::ranges::find(numbers, *number) != numbers.end();
}

bool fits(const ClassifyRule& rule, const Answer& answer, const std::string& unmet) {
  if (!rule.unmet.empty() && std::ranges::find(rule.unmet, unmet) == rule.unmet.end()) return false;
  // An error of the interface is told by its code; one that no rule names stays an unknown code.
  if (!rule.unmet.empty() && rule.code.empty() && answer.number_at(kCode).has_value()) return false;
  const auto& exchange = answer.exchange();
  if (!rule.status.empty() && !within(rule.status, exchange.status)) return false;
  if (!rule.code.empty() && !lists(rule.code, answer.number_at(kCode))) return false;
  if (!rule.subcode.empty() && !lists(rule.subcode, answer.number_at(kSubcode))) return false;
  for (const auto& [name, pattern] : rule.headers) {
    const auto* value = exchange.header(name);
    if (value == nullptr || !pattern.matches(*value)) return false;
  }
  for (const auto& [pointer, wanted] : rule.json) {
    if (!meets(wanted, answer.at(pointer))) return false;
  }
  return !rule.body || rule.body->matches(exchange.body);
}

const ClassifyRule* first_fit(const std::vector<ClassifyRule>& rules, const Answer& answer, const std::string& unmet) {
  const auto found = std::ranges::find_if(rules, [&](const ClassifyRule& rule) { return fits(rule, answer, unmet); });
  return found == rules.end() ? nullptr : &*found;
}

const ClassifyRule* first_fit(const std::vector<ClassifyRule>& rules, const std::vector<ClassifyRule>& table,
                              const Answer& answer, const std::string& unmet) {
  const auto* rule = first_fit(rules, answer, unmet);
  return rule == nullptr ? first_fit(table, answer, unmet) : rule;
}

/// Ways to be unexpected that show a change, or what is somebody's own, and not that anything fails.
bool is_inconclusive(const std::string& unmet) {
  return unmet == kStrange || unmet == kNoEntry || unmet == kOtherMedia;
}

Verdict by_rule(const ClassifyRule& rule, const Failure& unmet, const Answer& answer) {
  const bool graph = answer.number_at(kCode).has_value();
  Failure failure = unmet;
  failure.layer = rule.layer.value_or(graph ? Layer::api : unmet.layer);
  failure.kind = rule.kind;
  failure.detail = rule.note.empty() ? evidence(answer.exchange()) : rule.note + "; " + evidence(answer.exchange());
  return {rule.result_class, std::move(failure)};
}

}  // namespace

Verdict classify_transport(Failure failure) {
  auto result_class = ResultClass::platform_failure;
  // That an answer is larger than we want to read is a bound of our own.
  if (failure.layer == Layer::local || failure.kind == "body_too_large") result_class = ResultClass::our_fault;
  // Our own routing says that there is no way there.
  if (failure.kind == "unreachable") result_class = ResultClass::our_network;
  return {result_class, std::move(failure)};
}

bool is_known_trouble(const Answer& answer, const std::vector<ClassifyRule>& rules,
                      const std::vector<ClassifyRule>& table) {
  const auto* rule = first_fit(rules, table, answer, std::string{kStrange});
  return rule != nullptr && rule->result_class != ResultClass::our_fault;
}

Verdict classify_answer(Failure unmet, const Answer& answer, const std::vector<ClassifyRule>& rules,
                        const std::vector<ClassifyRule>& table, Tier tier) {
  if (const auto* rule = first_fit(rules, table, answer, unmet.kind)) return by_rule(*rule, unmet, answer);
  if (const auto code = answer.number_at(kCode)) {
    // An error of the platform's interface that nobody has described yet: kept with its evidence for a new rule.
    unmet.layer = Layer::api;
    unmet.kind = "unknown_code";
    unmet.detail = fmt::format("error code {} is not known here; {}", *code, evidence(answer.exchange()));
    return {ResultClass::our_fault, std::move(unmet)};
  }
  if (is_inconclusive(unmet.kind)) return {ResultClass::our_fault, std::move(unmet)};
  const bool other_status = unmet.kind.starts_with("status_");
  if (!other_status) return {ResultClass::platform_failure, std::move(unmet)};
  if (answer.exchange().status == 429) unmet.kind = "rate_limited";
  if (answer.exchange().status >= 500) return {ResultClass::platform_failure, std::move(unmet)};
  return {tier == Tier::open ? ResultClass::blocked : ResultClass::our_fault, std::move(unmet)};
}

}  // namespace outaged::probe
