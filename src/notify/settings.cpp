#include "notify/settings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace outaged::notify {
namespace {

/// The kinds of channel. A new one is a file in channel/ and a row here.
const std::vector<ChannelType>& types() {
  static const std::vector<ChannelType> table = {alertmanager_type(), discord_type(),   email_type(),  exec_type(),
                                                 ntfy_type(),         pagerduty_type(), slack_type(),  slack_bot_type(),
                                                 teams_type(),        telegram_type(),  webhook_type()};
  return table;
}

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const auto& type : types()) names.push_back(type.name);
  return names;
}

/// An entry is read by the shape of its type.
std::optional<ChannelSettings> read_entry(const json::Json& value, const json::Cursor& cursor) {
  if (!value.is_object()) {
    cursor.fault(json::describe(value), "an object");
    return std::nullopt;
  }
  const auto type = value.find("type");
  if (type == value.end()) {
    cursor.fault("no \"type\"", fmt::format("an object with \"type\": {}", json::list_of(type_names())));
    return std::nullopt;
  }
  for (const auto& row : types()) {
    if (*type == row.name) return row.shape.read(value, cursor);
  }
  const auto names = type_names();
  cursor.at("type").fault(json::describe(*type), json::list_of(names),
                          type->is_string() ? json::did_you_mean(type->get<std::string>(), names) : "");
  return std::nullopt;
}

json::Shape<ChannelSettings> entry_shape() {
  json::Shape<ChannelSettings> shape;
  shape.schema = {{"anyOf", json::Json::array()}};
  for (const auto& row : types()) shape.schema["anyOf"].push_back(row.shape.schema);
  shape.read = read_entry;
  shape.write = [](const ChannelSettings& settings) { return settings.written; };
  return shape;
}

/// A fallback must be there, and must not be the channel itself.
void check_fallback(const Settings& settings, const std::string& name, const json::Cursor& cursor) {
  const auto& fallback = settings.at(name).fallback;
  if (fallback.empty() || (fallback != name && settings.contains(fallback))) return;
  std::vector<std::string> others;
  for (const auto& [other, entry] : settings) {
    if (other != name) others.push_back(other);
  }
  cursor.at(name)
      .at("fallback")
      .fault(json::describe(fallback), others.empty() ? "the name of another channel" : json::list_of(others),
             json::did_you_mean(fallback, others));
}

/// Of the secrets that `settings` needs, those without a value.
std::vector<std::string> missing(const ChannelSettings& settings, const Secrets& secrets) {
  std::vector<std::string> out;
  for (const auto& reference : settings.secrets) {
    const auto found = secrets.find(reference.name);
    if (found == secrets.end() || found->second.empty()) out.push_back(reference.name);
  }
  return out;
}

/// Whether none of `names` needs to have a value here.
bool excused(const std::vector<std::string>& names, const UnsetSecrets& unset) {
  return std::ranges::all_of(names, [&unset](const std::string& name) {
    const auto found = unset.find(name);
    return found != unset.end() && found->second.excused;
  });
}

/// Why they have none, as far as it is known.
std::string reasons(const std::vector<std::string>& names, const UnsetSecrets& unset) {
  std::vector<std::string> all;
  for (const auto& name : names) {
    if (const auto found = unset.find(name); found != unset.end()) all.push_back(found->second.why);
  }
  return fmt::format("{}", fmt::join(all, "; "));
}

}  // namespace

const json::Shape<Settings>& settings_shape() {
  static const auto shape = [] {
    auto map = json::map_of(entry_shape(), "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}",
                            "a name of letters, digits, \".\", \"_\" and \"-\"");
    map.schema["description"] = "Where messages go, by a name of your choice.";
    return map;
  }();
  return shape;
}

Channels open_channels(const Settings& settings, const Secrets& secrets, const json::Cursor& cursor,
                       const UnsetSecrets& unset) {
  Channels channels;
  for (const auto& [name, entry] : settings) {
    check_fallback(settings, name, cursor);
    if (const auto names = missing(entry, secrets); !names.empty()) {
      if (!excused(names, unset))
        cursor.at(name).fault(fmt::format("a channel whose secret {} has no value", json::list_of(names)),
                              "secrets that \"secrets\" describes and that are set", reasons(names, unset));
      continue;
    }
    auto channel = entry.open(secrets);
    if (channel) {
      channels.emplace(name, OpenChannel{std::move(*channel), entry.texts, entry.zone, entry.fallback});
    } else {
      cursor.at(name).fault(channel.error(), "what the receiver issued");
    }
  }
  return channels;
}

}  // namespace outaged::notify
