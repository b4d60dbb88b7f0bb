#include "base/json/shape.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace outaged::json {

Shape<std::string> text() {
  return {[](const Json& value, const Cursor& cursor) -> std::optional<std::string> {
            if (value.is_string()) return value.get<std::string>();
            cursor.fault(describe(value), "text");
            return std::nullopt;
          },
          [](const std::string& value) { return Json(value); },
          {{"type", "string"}}};
}

namespace {
// libstdc++ matches by recursion, so a long text would overflow the stack.
constexpr std::size_t kLongestMatched = 4096;
}  // namespace

Shape<std::string> text(const std::string& pattern, const std::string& meaning) {
  auto shape = text();
  shape.schema["pattern"] = "^(?:" + pattern + ")$";
  shape.schema["maxLength"] = kLongestMatched;
  const auto expression = std::make_shared<const std::regex>(pattern);
  shape.read = [expression, meaning, read = shape.read](const Json& value,
                                                        const Cursor& cursor) -> std::optional<std::string> {
    auto got = read(value, cursor);
    if (got && (got->size() > kLongestMatched || !std::regex_match(*got, *expression))) {
      cursor.fault(describe(value), meaning);
      return std::nullopt;
    }
    return got;
  };
  return shape;
}

Shape<std::string> nonempty_text() {
  auto shape = text();
  shape.schema["minLength"] = 1;
  shape.read = [read = shape.read](const Json& value, const Cursor& cursor) -> std::optional<std::string> {
    auto got = read(value, cursor);
    if (got && got->empty()) {
      cursor.fault("empty text", "text that is not empty");
      return std::nullopt;
    }
    return got;
  };
  return shape;
}

Shape<bool> boolean() {
  return {[](const Json& value, const Cursor& cursor) -> std::optional<bool> {
            if (value.is_boolean()) return value.get<bool>();
            cursor.fault(describe(value), "true or false");
            return std::nullopt;
          },
          [](const bool& value) { return Json(value); },
          {{"type", "boolean"}}};
}

Shape<double> number(double min, double max) {
  return {[min, max](const Json& value, const Cursor& cursor) -> std::optional<double> {
            if (value.is_number()) {
              const auto got = value.get<double>();
              if (got >= min && got <= max) return got;
            }
            cursor.fault(describe(value), fmt::format("a number from {} to {}", min, max));
            return std::nullopt;
          },
          [](const double& value) { return Json(value); },
          {{"type", "number"}, {"minimum", min}, {"maximum", max}}};
}

Shape<std::int64_t> integer(std::int64_t min, std::int64_t max) {
  return {[min, max](const Json& value, const Cursor& cursor) -> std::optional<std::int64_t> {
            // An unsigned number beyond the signed range would wrap: it is out of bounds in any case.
            const bool fits =
                value.is_number_integer() &&
                (!value.is_number_unsigned() ||
                 value.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
            if (fits) {
              const auto got = value.get<std::int64_t>();
              if (got >= min && got <= max) return got;
            }
            cursor.fault(describe(value), fmt::format("a whole number from {} to {}", min, max));
            return std::nullopt;
          },
          [](const std::int64_t& value) { return Json(value); },
          {{"type", "integer"}, {"minimum", min}, {"maximum", max}}};
}

Shape<Micros> duration(Micros min, Micros max) {
  return {[min, max](const Json& value, const Cursor& cursor) -> std::optional<Micros> {
            if (value.is_string()) {
              const auto got = parse_duration(value.get_ref<const std::string&>());
              if (got && *got >= min && *got <= max) return got;
            }
            cursor.fault(describe(value), fmt::format("a duration from {} to {}, such as \"500ms\", \"30s\", \"5m\"",
                                                      format_duration(min), format_duration(max)));
            return std::nullopt;
          },
          [](const Micros& value) { return Json(format_duration(value)); },
          {{"type", "string"},
           {"pattern", "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?$"},
           {"minLength", 2}}};
}

Shape<Bytes> bytes(Bytes min, Bytes max) {
  return {[min, max](const Json& value, const Cursor& cursor) -> std::optional<Bytes> {
            if (value.is_string()) {
              const auto got = parse_bytes(value.get_ref<const std::string&>());
              if (got && *got >= min && *got <= max) return got;
            }
            cursor.fault(describe(value), fmt::format("a size from {} to {}, such as \"512B\", \"64KiB\", \"1MiB\"",
                                                      format_bytes(min), format_bytes(max)));
            return std::nullopt;
          },
          [](const Bytes& value) { return Json(format_bytes(value)); },
          {{"type", "string"}, {"pattern", "^[0-9]+(B|KiB|MiB|GiB|TiB)$"}}};
}

Shape<Json> anything() {
  return {[](const Json& value, const Cursor&) -> std::optional<Json> { return value; },
          [](const Json& value) { return value; }, Json::object()};
}

bool detail::only_known_keys(const Json& value, const std::vector<std::string>& known, const Cursor& cursor) {
  bool whole = true;
  for (const auto& [key, content] : value.items()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    cursor.at(key).fault(fmt::format("the unknown key \"{}\"", printable(key, 60)), list_of(known),
                         did_you_mean(key, known));
    whole = false;
  }
  return whole;
}

}  // namespace outaged::json
