#include "serve/page_words.hpp"

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

std::string_view word_of(const std::string& state) {
  switch (parse_enum<ComponentState>(state).value_or(ComponentState::unknown)) {
    case ComponentState::operational: return "Works";
    case ComponentState::degraded_performance: return "Slow";
    case ComponentState::partial_outage: return "Partly fails";
    case ComponentState::major_outage: return "Down";
    case ComponentState::under_maintenance: return "Maintenance";
    case ComponentState::unknown: break;
  }
  return "Unknown";
}

std::string function_words(const std::string& function) {
  if (function == "feed-load") return "Feed";
  if (function == "web") return "Web";
  if (function == "dns") return "Names (DNS)";
  if (function == "edge") return "Servers";
  return incident::function_name(function);
}

std::string platform_words(const std::string& platform) {
  if (platform == kOwnPlatform) return "Our sites";
  if (platform == kControlPlatform) return "Control hosts";
  if (platform == kVendorPlatform) return "Vendors' status pages";
  return incident::platform_name(platform);
}

std::string component_words(const std::string& id) {
  const auto component = parse_component(id);
  return component ? platform_words(component->platform) + ": " + function_words(component->function) : id;
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

std::string size_words(std::uint64_t bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{:.{}f} {}", value, unit > 0 && value < 10 ? 1 : 0, kUnits.at(unit));
}

}  // namespace outaged::serve
