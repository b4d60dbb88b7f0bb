#include "base/secret_reference.hpp"

#include <regex>

namespace outaged {

const json::Shape<SecretReference>& secret_reference() {
  static const auto shape = [] {
    static const std::regex pattern{R"(\$\{secret:([A-Za-z0-9_.-]+)\})"};
    json::Shape<SecretReference> out;
    out.schema = {{"type", "string"}, {"pattern", R"(^\$\{secret:[A-Za-z0-9_.-]+\}$)"}};
    out.write = [](const SecretReference& reference) { return json::Json("${secret:" + reference.name + "}"); };
    out.read = [](const json::Json& value, const json::Cursor& cursor) -> std::optional<SecretReference> {
      std::smatch match;
      // The bound is for libstdc++, which matches by recursion.
      constexpr std::size_t kLongest = 200;
      const bool matched = value.is_string() && value.get_ref<const std::string&>().size() <= kLongest &&
                           std::regex_match(value.get_ref<const std::string&>(), match, pattern);
      if (matched) return SecretReference{match[1].str()};
      cursor.fault(value.is_string() ? "text that does not name a secret" : json::describe(value),
                   "\"${secret:NAME}\", with NAME described under \"secrets\"");
      return std::nullopt;
    };
    return out;
  }();
  return shape;
}

}  // namespace outaged
