#pragma once
// Channels opened from configuration text, as the program does it.
#include <stdexcept>

#include "base/json/parse.hpp"
#include "notify/settings.hpp"

namespace outaged::test {

inline notify::Channels open_channels(const std::string& section, const std::map<std::string, std::string>& values) {
  json::Faults faults;
  const json::Cursor cursor{"outaged.json", faults};
  notify::Secrets secrets;
  for (const auto& [name, value] : values) secrets.emplace(name, Secret{value});
  const auto parsed = json::parse_file_text(section, "outaged.json");
  if (!parsed) throw std::runtime_error(json::to_string(parsed.error()));
  const auto settings = notify::settings_shape().read(*parsed, cursor);
  notify::Channels channels;
  if (settings) channels = notify::open_channels(*settings, secrets, cursor);
  if (!faults.empty()) throw std::runtime_error(json::to_string(faults.front()));
  return channels;
}

inline std::unique_ptr<notify::Channel> open_channel(const std::string& entry,
                                                     const std::map<std::string, std::string>& values) {
  return std::move(open_channels("{\"it\": " + entry + "}", values).at("it").channel);
}

/// The last request for a message, which is the one that tells it.
inline net::HttpRequest rendered(const notify::Channel& channel, const notify::Message& message, WallTime sent_at,
                                 const std::string& handle = {}) {
  notify::Occasion occasion{sent_at, handle};
  return std::get<net::HttpRequest>(channel.render(message, occasion).back());
}

/// An exchange that ended with an answer.
inline net::HttpExchange answered(std::uint16_t status, std::string body, std::vector<net::Header> headers = {}) {
  net::HttpExchange exchange;
  exchange.status = status;
  exchange.body = std::move(body);
  exchange.headers = std::move(headers);
  return exchange;
}

/// An exchange without one.
inline net::HttpExchange unanswered(Layer layer, const std::string& kind, const std::string& detail) {
  net::HttpExchange exchange;
  exchange.failure = Failure{layer, std::nullopt, kind, detail};
  return exchange;
}

/// Everything that a hostile server, probe or vendor might put into our texts.
inline const std::string kHostile =
    "<!channel> <@U012AB3CD> <#C024BE7LR> <https://evil.example|click> </b><script> & &lt; @everyone *bold* _it_ "
    "`code` "
    "https://evil.example/x evil.example /start \x1B[31m\x07\xFF \" ' | ";

}  // namespace outaged::test
