#pragma once
// Which components something is about: "whatsapp/media-upload", "whatsapp/*", "*/login", "*/*".
#include <optional>
#include <string>
#include <string_view>

#include "core/names.hpp"

namespace outaged {

struct ComponentPattern {
  std::string platform = "*";
  std::string function = "*";
  [[nodiscard]] bool matches(const ComponentId& component) const {
    return (platform == "*" || platform == component.platform) && (function == "*" || function == component.function);
  }
  bool operator==(const ComponentPattern&) const = default;
};

inline std::string to_string(const ComponentPattern& pattern) {
  return pattern.platform + "/" + pattern.function;
}

/// As a component, but each side may be "*"; "*" alone, and a platform alone, stand for all functions.
std::optional<ComponentPattern> parse_pattern(std::string_view text);

}  // namespace outaged
