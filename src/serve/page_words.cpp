#include "serve/page_words.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/units.hpp"
#include "core/names.hpp"
#include "core/vendor.hpp"
#include "core/vocabulary.hpp"
#include "incident/wording.hpp"
#include "serve/html.hpp"

namespace outaged::serve {
namespace {

/// Shapes that differ without any colour.
std::string_view shape_of(const std::string& state) {
  switch (parse_enum<ComponentState>(state).value_or(ComponentState::unknown)) {
    case ComponentState::operational: return "\u2713";           // check mark
    case ComponentState::degraded_performance: return "\u25B2";  // triangle
    case ComponentState::partial_outage: return "\u25C6";        // diamond
    case ComponentState::major_outage: return "\u2715";          // cross
    case ComponentState::under_maintenance: return "\u25A0";     // square
    case ComponentState::unknown: break;
  }
  return "?";
}

}  // namespace

std::string moment(const std::string& time) {
  const auto parsed = parse_time(time);
  if (!parsed) return {};
  return fmt::format("<time datetime=\"{}\">{} {} UTC</time>", escape_markup(time), format_date(*parsed),
                     format_clock(*parsed));
}

std::string spelled_out(const PageTexts& t, std::string_view duration) {
  constexpr std::string_view kDigits = "0123456789";
  std::string out;
  while (!duration.empty()) {
    const auto digits = std::min(duration.find_first_not_of(kDigits), duration.size());
    const auto end = std::min(duration.find_first_of(kDigits, digits), duration.size());
    auto unit = duration.substr(digits, end - digits);
    if (unit.ends_with(' ')) unit.remove_suffix(1);
    const auto word = unit == "m" ? "min" : unit == "d" ? t.day : unit;
    out += fmt::format("{}{} {}", out.empty() ? "" : " ", duration.substr(0, digits), word);
    duration.remove_prefix(end);
  }
  return out;
}

std::string in_english(const PageTexts& t, std::string_view text) {
  const auto escaped = escape_markup(text);
  return t.language == "en" ? escaped : "<span lang=\"en\">" + escaped + "</span>";
}

std::string mark(const std::string& state) {
  return fmt::format("<span class=\"mark {}\" aria-hidden=\"true\">{}</span>", escape_markup(state), shape_of(state));
}

std::string vendor_mark(const std::string& state) {
  switch (parse_enum<VendorState>(state).value_or(VendorState::unclear)) {
    case VendorState::fine: return mark("operational");
    case VendorState::maintenance: return mark("under_maintenance");
    case VendorState::degraded: return mark("degraded_performance");
    case VendorState::outage: return mark("major_outage");
    case VendorState::unclear: break;
  }
  return mark("unknown");
}

std::string function_words(const PageTexts& t, const std::string& function) {
  const auto own = t.functions.find(function);
  return own == t.functions.end() ? incident::function_name(function) : own->second;
}

std::string platform_words(const PageTexts& t, const std::string& platform) {
  const auto own = t.platforms.find(platform);
  return own == t.platforms.end() ? incident::platform_name(platform) : own->second;
}

std::string component_words(const PageTexts& t, const std::string& id) {
  const auto component = parse_component(id);
  return component ? platform_words(t, component->platform) + ": " + function_words(t, component->function) : id;
}

std::string size_words(const PageTexts& t, std::uint64_t bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  auto number = fmt::format("{:.{}f}", value, unit > 0 && value < 10 ? 1 : 0);
  if (const auto point = number.find('.'); point != std::string::npos) number.replace(point, 1, t.decimal);
  return fmt::format("{} {}", number, kUnits.at(unit));
}

}  // namespace outaged::serve
