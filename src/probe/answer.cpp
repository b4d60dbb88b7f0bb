#include "probe/answer.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/json/write.hpp"

namespace outaged::probe {
namespace {

/// More JSON than any of these interfaces sends; parsing costs ten times its size in memory.
constexpr std::size_t kLargestJson = 4ULL << 20;

bool has_type(const json::Json& value, JsonType type) {
  switch (type) {
    case JsonType::string: return value.is_string();
    case JsonType::number: return value.is_number();
    case JsonType::boolean: return value.is_boolean();
    case JsonType::object: return value.is_object();
    case JsonType::array: return value.is_array();
  }
  return false;
}

}  // namespace

const json::Json* Answer::json() const {
  if (!parsed_) {
    parsed_ = true;
    if (exchange_.body.size() <= kLargestJson) {
      auto value = json::parse_untrusted(exchange_.body);
      if (value) json_ = std::move(*value);
    }
  }
  return json_ ? &*json_ : nullptr;
}

const json::Json* Answer::at(const std::string& pointer) const {
  const json::Json* root = json();
  return root == nullptr ? nullptr : found_at(*root, pointer);
}

std::optional<std::int64_t> Answer::number_at(const std::string& pointer) const {
  const auto* value = at(pointer);
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  return value->get<std::int64_t>();
}

const json::Json* found_at(const json::Json& root, const std::string& pointer) {
  try {
    const json::Json::json_pointer path(pointer);
    return root.contains(path) ? &root.at(path) : nullptr;
  } catch (const json::Json::exception&) {
    // "/x" into a list, or an index that is no number: there is nothing there.
    return nullptr;
  }
}

std::string plain_text(const json::Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return json::written(value);
}

bool within(const std::vector<StatusRange>& ranges, int status) {
  return std::ranges::any_of(ranges, [status](const StatusRange& r) { return status >= r.first && status <= r.last; });
}

bool meets(const JsonExpectation& expectation, const json::Json* value) {
  if (value == nullptr) return false;
  if (expectation.equals && *expectation.equals != *value) return false;
  if (expectation.type && !has_type(*value, *expectation.type)) return false;
  return !expectation.matches || expectation.matches->matches(plain_text(*value));
}

}  // namespace outaged::probe
