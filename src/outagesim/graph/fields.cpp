#include "outagesim/graph/fields.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace outaged::sim::graph {
namespace {

using Fields = std::vector<Selection::Field>;
constexpr int kMaxDepth = 4;

/// Reads "a,b{c,d}" up to its end or the brace that closes it; nothing when it is not of that form.
std::optional<Fields> read_fields(std::string_view& text, int depth) {
  Fields out;
  for (;;) {
    const auto end = std::min(text.find_first_of(",{}"), text.size());
    std::string name(text.substr(0, end));
    std::erase(name, ' ');
    if (name.empty()) return std::nullopt;
    text.remove_prefix(end);
    auto& field = out.emplace_back(Selection::Field{std::move(name), {}});
    if (text.starts_with('{')) {
      text.remove_prefix(1);
      auto inner = depth < kMaxDepth ? read_fields(text, depth + 1) : std::nullopt;
      if (!inner || !text.starts_with('}')) return std::nullopt;
      text.remove_prefix(1);
      field.inner = std::move(*inner);
    }
    if (!text.starts_with(',')) return out;
    text.remove_prefix(1);
  }
}

std::optional<Fields> parse_fields(std::string_view text) {
  auto fields = read_fields(text, 0);
  return text.empty() ? fields : std::nullopt;
}

/// The first that is asked for and is none of `known`. What has no known inside is taken whole or by any part.
std::optional<std::string> unknown_field(const Fields& asked, const Fields& known) {
  for (const auto& field : asked) {
    const auto found = std::ranges::find(known, field.name, &Selection::Field::name);
    if (found == known.end()) return field.name;
    if (found->inner.empty()) continue;
    if (const auto inner = unknown_field(field.inner, found->inner)) return inner;
  }
  return std::nullopt;
}

Json take_fields(const Fields& fields, const Json& object) {
  if (object.is_array()) {
    Json out = Json::array();
    for (const auto& element : object) out.push_back(take_fields(fields, element));
    return out;
  }
  // An edge inside an object is a list within "data".
  if (object.is_object() && object.contains("data") && object.at("data").is_array())
    return {{"data", take_fields(fields, object.at("data"))}};
  if (!object.is_object()) return object;
  Json out = Json::object();
  for (const auto& field : fields) {
    const auto found = object.find(field.name);
    if (found == object.end()) continue;
    out[field.name] = field.inner.empty() ? *found : take_fields(field.inner, *found);
  }
  if (object.contains("id")) out["id"] = object.at("id");
  return out;
}

}  // namespace

Expected<Selection, Error> Selection::of(const Call& call, const NodeType& type) {
  const std::string asked = call.parameter("fields");
  auto fields = parse_fields(asked.empty() ? type.usual : std::string_view(asked));
  if (!fields) {
    Error error;
    error.code = 2500;
    error.message = fmt::format("Syntax error in fields: {}", asked);
    return Unexpected{error};
  }
  if (const auto unknown = unknown_field(*fields, parse_fields(type.known).value()))
    return Unexpected{
        bad_parameter(fmt::format("Tried accessing nonexisting field ({}) on node type ({})", *unknown, type.name))};
  return Selection(std::move(*fields));
}

Json Selection::take(const Json& object) const {
  return take_fields(fields_, object);
}

Reply answer(const Call& call, const NodeType& type, const Json& object) {
  const auto selection = Selection::of(call, type);
  return selection ? answer(selection->take(object)) : answer(selection.error());
}

}  // namespace outaged::sim::graph
