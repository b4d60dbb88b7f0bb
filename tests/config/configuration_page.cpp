#include "config/configuration_page.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace outaged::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kTop = R"(# Configuration

`config/outaged.json` is the shipped file: JSON, comments and a comma after the last entry allowed.
`outagectl config check FILE` finds every fault at once;
`outagectl config show` prints all values that hold. SIGHUP takes a changed file; a faulty one is refused and the running one
stays. Durations are written `"500ms"`, `"30s"`, `"5m"`, `"1h"`, `"30d"`, sizes `"64KiB"`. Every key has a default unless it
is marked *required*; an unknown key is a fault.

)";

bool is_duration(const Json& schema) {
  return schema.value("pattern", "").find("[0-9]+us)?") != std::string::npos;
}

std::string range_of(const Json& schema, const char* what) {
  std::string text = what;
  if (schema.contains("minimum") && schema.contains("maximum") && schema["maximum"] < 9e15)
    return fmt::format("{}, {} to {}", text, schema["minimum"].dump(), schema["maximum"].dump());
  if (schema.contains("minimum")) return fmt::format("{}, at least {}", text, schema["minimum"].dump());
  return text;
}

/// What may stand there, in words.
std::string kind_of(const Json& schema) {
  if (schema.contains("enum"))
    return fmt::format("one of `{}`", fmt::join(schema["enum"].get<std::vector<std::string>>(), "`, `"));
  if (schema.contains("anyOf")) {
    std::vector<std::string> ways;
    for (const auto& way : schema["anyOf"]) ways.push_back(kind_of(way));
    return fmt::format("{}", fmt::join(ways, ", or "));
  }
  const auto type = schema.value("type", "");
  if (type == "integer") return range_of(schema, "whole number");
  if (type == "number") return range_of(schema, "number");
  if (type == "boolean") return "`true` or `false`";
  if (type == "array") return "list of " + kind_of(schema["items"]);
  if (type == "object") return "object";
  if (is_duration(schema)) return "duration";
  return "text";
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
  return text;
}

void rows_of(const Json& schema, const std::string& prefix, std::string& out);

void row(const std::string& key, const Json& schema, bool required, std::string& out) {
  const bool plain = !schema.contains("properties");
  if (plain) {
    std::string fallback = required ? "*required*" : "";
    if (schema.contains("default")) fallback = "`" + schema["default"].dump() + "`";
    out += fmt::format("| `{}` | {} | {} | {} |\n", key, cell(schema.value("description", "")), cell(kind_of(schema)),
                       cell(fallback));
  }
  if (schema.contains("properties")) rows_of(schema, key + ".", out);
  const auto more = schema.find("additionalProperties");
  if (more != schema.end() && more->is_object()) {
    if (more->contains("properties")) rows_of(*more, key + ".NAME.", out);
    for (const auto& way : more->value("anyOf", Json::array())) rows_of(way, key + ".NAME.", out);
  }
  if (schema.contains("items") && schema["items"].contains("properties")) rows_of(schema["items"], key + "[].", out);
}

void rows_of(const Json& schema, const std::string& prefix, std::string& out) {
  const auto required = schema.value("required", std::vector<std::string>{});
  for (const auto& [name, content] : schema["properties"].items())
    row(prefix + name, content, std::ranges::find(required, name) != required.end(), out);
}

constexpr const char* kHead = "| key | meaning | value | default |\n|---|---|---|---|\n";

/// A section of keys of the user's choice, each of one of several kinds: a table for each kind.
void ways_of(const std::string& section, const Json& ways, std::string& out) {
  for (const auto& way : ways) {
    out += fmt::format("{}\n\n{}", way.value("description", ""), kHead);
    rows_of(way, section + ".NAME.", out);
    out += "\n";
  }
}

}  // namespace

std::string configuration_page(const nlohmann::json& schema) {
  std::string out = kTop;
  std::string single;
  std::string sections;
  for (const auto& [name, content] : schema["properties"].items()) {
    const auto more = content.find("additionalProperties");
    const bool of_ways = more != content.end() && more->is_object() && more->contains("anyOf");
    if (!content.contains("properties") && !of_ways) {
      row(name, content, false, single);
      continue;
    }
    sections += fmt::format("## `{}`\n{}\n\n", name, content.value("description", ""));
    if (of_ways) {
      ways_of(name, (*more)["anyOf"], sections);
      continue;
    }
    sections += kHead;
    rows_of(content, name + ".", sections);
    sections += "\n";
  }
  out += kHead + single + "\n" + sections;
  out.pop_back();
  return out;
}

}  // namespace outaged::test
