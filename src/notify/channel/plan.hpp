#pragma once
// How a channel type turns the shape of its own settings into that of an entry of "channels".
#include <utility>

#include "notify/settings.hpp"

namespace outaged::notify {

/// `Own` inherits Common (common.hpp) and adds whatever `own` reads; `secrets_of` names the secrets it needs; `open`
/// makes the channel once their values are known.
template <class Own>
json::Shape<ChannelSettings> plan(json::Shape<Own> own, std::vector<SecretReference> (*secrets_of)(const Own&),
                                  Expected<std::unique_ptr<Channel>, std::string> (*open)(const Own&, const Secrets&)) {
  json::Shape<ChannelSettings> shape;
  shape.schema = own.schema;
  shape.write = [](const ChannelSettings& settings) { return settings.written; };
  shape.read = [own = std::move(own), secrets_of, open](const json::Json& value,
                                                        const json::Cursor& cursor) -> std::optional<ChannelSettings> {
    const auto read = own.read(value, cursor);
    if (!read) return std::nullopt;
    ChannelSettings settings;
    settings.type = read->type;
    settings.texts = read->language;
    settings.zone = read->zone;
    settings.fallback = read->fallback;
    settings.secrets = secrets_of(*read);
    settings.written = own.write(*read);
    settings.open = [read = *read, open](const Secrets& secrets) { return open(read, secrets); };
    return settings;
  };
  return shape;
}

}  // namespace outaged::notify
