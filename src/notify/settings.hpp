#pragma once
// Configuration section "channels": where messages go.
//
//   "channels": {
//     "ops":   {"type": "slack", "url": "${secret:SLACK_WEBHOOK}"},
//     "phone": {"type": "telegram", "token": "${secret:TELEGRAM_BOT}", "chat": "-1001234567890"}
//   }
//
// Secrets stand here by name only. The program looks them up and then opens the channels.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "base/json/shape.hpp"
#include "base/secret.hpp"
#include "base/secret_reference.hpp"
#include "notify/channel.hpp"

namespace outaged::notify {

/// Values by name, of the secrets that are set.
using Secrets = std::map<std::string, Secret>;

/// One entry of "channels", read and checked.
struct ChannelSettings {
  std::string type;
  std::vector<SecretReference> secrets;  ///< all of them are needed
  json::Json written;                    ///< as in the file; holds no secret
  const Texts* texts = nullptr;          ///< the readers' language
  Zone zone;                             ///< and time zone
  std::string fallback;                  ///< name of the channel that takes over; empty: none

  /// The channel; or why it cannot be one ("secret SLACK_WEBHOOK is not an address"), never showing a secret.
  std::function<Expected<std::unique_ptr<Channel>, std::string>(const Secrets&)> open;

  bool operator==(const ChannelSettings& other) const { return written == other.written; }
};

using Settings = std::map<std::string, ChannelSettings>;

const json::Shape<Settings>& settings_shape();

/// A channel ready for use.
struct OpenChannel {
  std::unique_ptr<Channel> channel;
  const Texts* texts = nullptr;
  Zone zone;
  std::string fallback;
};

/// Open channels by name.
using Channels = std::map<std::string, OpenChannel>;

/// A secret that is described and has no value.
struct UnsetSecret {
  std::string why;       ///< "the environment variable SLACK_WEBHOOK is not set"
  bool excused = false;  ///< the process that is to use it may have it
};
using UnsetSecrets = std::map<std::string, UnsetSecret>;

/// Opens all of them. Each that cannot be opened, for a secret that is not set or not usable, is left out, and a fault
/// at `cursor`/name unless that secret is excused.
Channels open_channels(const Settings& settings, const Secrets& secrets, const json::Cursor& cursor,
                       const UnsetSecrets& unset = {});

/// A kind of channel: the row that channel/*.cpp contributes to the table in settings.cpp.
struct ChannelType {
  std::string name;
  json::Shape<ChannelSettings> shape;  ///< of the whole entry, "type" included
};
ChannelType alertmanager_type();
ChannelType discord_type();
ChannelType email_type();
ChannelType exec_type();
ChannelType ntfy_type();
ChannelType pagerduty_type();
ChannelType slack_type();
ChannelType slack_bot_type();
ChannelType teams_type();
ChannelType telegram_type();
ChannelType webhook_type();

}  // namespace outaged::notify
