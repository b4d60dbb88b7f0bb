#include "serve/feed.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "core/vocabulary.hpp"
#include "serve/html.hpp"
#include "serve/json_forms.hpp"

namespace outaged::serve {
namespace {

using Json = nlohmann::json;

struct Look {
  std::string_view word;
  std::string_view color;
};
/// White on these has a contrast of 4.5:1 at least.
Look look_of(const std::string& state) {
  switch (parse_enum<ComponentState>(state).value_or(ComponentState::unknown)) {
    case ComponentState::operational: return {"works", "#1a7f37"};
    case ComponentState::degraded_performance: return {"slow", "#8a5d00"};
    case ComponentState::partial_outage: return {"partly fails", "#b34700"};
    case ComponentState::major_outage: return {"down", "#c31f2e"};
    case ComponentState::under_maintenance: return {"maintenance", "#0b5cad"};
    case ComponentState::unknown: break;
  }
  return {"unknown", "#5c6670"};
}

/// Of an empty feed, which has to say something.
constexpr auto kNever = "1970-01-01T00:00:00Z";

/// A UUID of our own making (version 8, RFC 9562) for what `name` names.
std::string urn_of(const std::string& name) {
  std::string hex = sha256_hex("outaged feed " + name).substr(0, 32);
  hex[12] = '8';
  hex[16] = 'a';
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

}  // namespace

std::string atom_feed(const Json& incidents, const std::string& site, const std::string& address) {
  std::string updated = kNever;
  std::string entries;
  for (const auto& incident : incidents) {
    const auto& timeline = incident["timeline"];
    std::string content = "<p>" + safe(incident, "diagnosis") + "</p><ul>";
    for (const auto& update : timeline) content += "<li>" + safe(update, "at") + " " + safe(update, "text") + "</li>";
    content += "</ul>";
    const auto changed = text_of(timeline.empty() ? incident : timeline.back(), timeline.empty() ? "opened_at" : "at");
    // Of one form all, so that their order is that of time; fractions of a second are too little to matter.
    updated = std::max(updated, changed);
    entries += fmt::format(
        "<entry>\n<id>{7}</id>\n<title>{2}</title>\n<published>{3}</published>\n<updated>{4}</updated>\n"
        "<link href=\"{0}/incidents/{1}\"/>\n<category term=\"{5}\"/>\n<content "
        "type=\"html\">{6}</content>\n</entry>\n",
        escape_markup(address), incident.value("id", 0), safe(incident, "title"), safe(incident, "opened_at"),
        escape_markup(changed), safe(incident, "severity"), escape_markup(content),
        urn_of(fmt::format("{}/{}/{}", site, incident.value("id", 0), text_of(incident, "opened_at"))));
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "<id>{3}</id>\n<title>Incidents seen from {1}</title>\n<updated>{2}</updated>\n"
      "<link rel=\"self\" href=\"{0}/feed.atom\"/>\n<link href=\"{0}/\"/>\n<author><name>outaged</name></author>\n"
      "{4}</feed>\n",
      escape_markup(address), escape_markup(site), escape_markup(updated), urn_of(site), entries);
}

std::string badge(const std::string& label, const std::string& state) {
  constexpr int kCharacter = 7;
  constexpr int kPadding = 12;
  const auto [word, color] = look_of(state);
  const int left = static_cast<int>(label.size()) * kCharacter + kPadding;
  const int right = static_cast<int>(word.size()) * kCharacter + kPadding;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"20\" role=\"img\" aria-label=\"{3}: {4}\">"
      "<title>{3}: {4}</title><clipPath id=\"r\"><rect width=\"{0}\" height=\"20\" rx=\"4\"/></clipPath>"
      "<g clip-path=\"url(#r)\"><rect width=\"{1}\" height=\"20\" fill=\"#3b434b\"/><rect x=\"{1}\" width=\"{2}\" "
      "height=\"20\" fill=\"{5}\"/></g><g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" "
      "font-size=\"11\" "
      "text-anchor=\"middle\"><text x=\"{6}\" y=\"14\">{3}</text><text x=\"{7}\" y=\"14\">{4}</text></g></svg>\n",
      left + right, left, right, escape_markup(label), word, color, left / 2, left + right / 2);
}

}  // namespace outaged::serve
