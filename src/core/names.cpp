#include "core/names.hpp"

#include <algorithm>

#include "core/pattern.hpp"

namespace outaged {
namespace {

constexpr std::size_t kLongestName = 64;

bool is_name(std::string_view text, std::string_view inner) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= kLongestName && plain(text.front()) && plain(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return plain(c) || inner.find(c) != std::string_view::npos; });
}

}  // namespace

std::optional<ComponentId> parse_component(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto platform = text.substr(0, slash);
  const auto function = text.substr(slash + 1);
  if (!is_name(platform, "-") || !is_name(function, "-")) return std::nullopt;
  return ComponentId{std::string{platform}, std::string{function}};
}

std::string to_string(const ComponentId& component) {
  return component.platform + "/" + component.function;
}

std::optional<ProbeId> parse_probe_id(std::string_view text) {
  if (!is_name(text, "-.")) return std::nullopt;
  return ProbeId{std::string{text}};
}

std::optional<ComponentPattern> parse_pattern(std::string_view text) {
  const auto slash = text.find('/');
  const auto platform = text.substr(0, slash);
  const auto function = slash == std::string_view::npos ? std::string_view{"*"} : text.substr(slash + 1);
  for (const auto side : {platform, function}) {
    if (side != "*" && !is_name(side, "-")) return std::nullopt;
  }
  return ComponentPattern{std::string{platform}, std::string{function}};
}

}  // namespace outaged
