#include "notify/channel/common.hpp"

#include "notify/channel/address.hpp"

namespace outaged::notify {

json::Shape<const Texts*> language_shape() {
  auto shape = json::converted<const Texts*, std::string>(
      json::text(),
      [](const std::string& text, const json::Cursor& cursor) -> std::optional<const Texts*> {
        if (const Texts* found = find_texts(text)) return found;
        cursor.fault(json::describe(text), json::list_of(languages()));
        return std::nullopt;
      },
      [](const Texts* const& texts) {
        for (const auto& code : languages()) {
          if (find_texts(code) == texts) return code;
        }
        return std::string{};
      });
  shape.schema = {{"type", "string"}, {"enum", languages()}};
  return shape;
}

json::Shape<Zone> zone_shape() {
  return json::converted<Zone, std::string>(
      json::text(),
      [](const std::string& text, const json::Cursor& cursor) {
        auto zone = Zone::find(text);
        if (!zone) cursor.fault(json::describe(text), "a time zone such as \"Europe/Rome\"");
        return zone;
      },
      [](const Zone& zone) { return zone.name(); });
}

json::Shape<std::string> address_shape(const std::string& example) {
  return json::converted<std::string, std::string>(
      json::text(),
      [example](const std::string& text, const json::Cursor& cursor) -> std::optional<std::string> {
        if (parse_address(text) && !text.ends_with('/')) return text;
        cursor.fault(json::describe(text), "an address such as \"" + example + "\", without \"/\" at the end");
        return std::nullopt;
      },
      [](const std::string& text) { return text; });
}

}  // namespace outaged::notify
