#pragma once
// The settings that every channel has, whatever its kind.
#include <optional>
#include <string>
#include <utility>

#include "notify/channel/plan.hpp"

namespace outaged::notify {

/// To be inherited by the settings of a kind of channel.
struct Common {
  std::string type;
  const Texts* language = &english();
  Zone zone;
  std::string fallback;
};

/// "en", "it" …
json::Shape<const Texts*> language_shape();
/// A zone of the IANA database.
json::Shape<Zone> zone_shape();

/// An http or https address without a slash at the end, such as `example`.
json::Shape<std::string> address_shape(const std::string& example);

/// Begins the description of a kind's settings: `type` and what is common.
template <class Own>
json::Object<Own> channel_object(const std::string& type, const std::string& help) {
  return json::object<Own>(help)
      .required("type", static_cast<std::string Own::*>(&Own::type), json::text(type, "\"" + type + "\""),
                "The kind of channel.")
      .field("language", static_cast<const Texts * Own::*>(&Own::language), language_shape(), "Language of messages.")
      .field("zone", static_cast<Zone Own::*>(&Own::zone), zone_shape(),
             "Time zone of the readers; times are given in UTC and in this zone.")
      .field("fallback", static_cast<std::string Own::*>(&Own::fallback), json::text(),
             "Another channel that takes over what cannot be delivered here. \"\": none.");
}

}  // namespace outaged::notify
