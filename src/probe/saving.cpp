#include "probe/saving.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "probe/classify.hpp"
#include "probe/expectation.hpp"

namespace outaged::probe {
namespace {

/// Values that a server gives us go into later requests, so they are bounded.
constexpr std::size_t kLongestSaved = 8192;

bool will_do(const SaveRule& rule, const json::Json& entry) {
  if (found_at(entry, *rule.json) == nullptr) return false;
  return std::ranges::all_of(rule.where,
                             [&](const auto& wanted) { return meets(wanted.second, found_at(entry, wanted.first)); });
}

const json::Json* first_of(const json::Json& list, const SaveRule& rule) {
  const auto entry = std::ranges::find_if(list, [&](const json::Json& one) { return will_do(rule, one); });
  return entry == list.end() ? nullptr : found_at(*entry, *rule.json);
}

std::optional<std::string> found_value(const SaveRule& rule, const json::Json* list, const Answer& answer) {
  if (rule.json) {
    const auto* found = rule.first_of ? (list == nullptr ? nullptr : first_of(*list, rule)) : answer.at(*rule.json);
    return found == nullptr ? std::nullopt : std::optional(plain_text(*found));
  }
  if (rule.header) {
    const auto* found = answer.exchange().header(*rule.header);
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  return rule.body ? rule.body->find(answer.exchange().body) : std::nullopt;
}

}  // namespace

Expected<std::string, Failure> saved_value(const std::string& name, const SaveRule& rule, const Answer& answer) {
  const auto* list = rule.first_of ? answer.at(*rule.first_of) : nullptr;
  if (list != nullptr && !list->is_array()) list = nullptr;
  auto value = found_value(rule, list, answer);
  if (value && value->size() <= kLongestSaved) return std::move(*value);
  Failure failure{Layer::api, Phase::receive, "json", "no value for \"" + name + "\"; " + evidence(answer.exchange())};
  if (list != nullptr && !value) {
    failure.kind = kNoEntry;
    failure.detail = fmt::format("none of the {} entries at {} will do for \"{}\"; {}", list->size(), *rule.first_of,
                                 name, evidence(answer.exchange()));
  }
  return Unexpected{std::move(failure)};
}

}  // namespace outaged::probe
