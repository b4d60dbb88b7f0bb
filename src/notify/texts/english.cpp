// The English phrases of messages.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "notify/texts.hpp"

namespace outaged::notify {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kPlatforms = std::to_array<Entry>({{"whatsapp", "WhatsApp"},
                                                        {"instagram", "Instagram"},
                                                        {"facebook", "Facebook"},
                                                        {"control", "Other sites"},
                                                        {"own", "Own sites"}});

constexpr std::array kFunctions = std::to_array<Entry>({{"media-upload", "sending photos, videos and files"},
                                                        {"media-download", "opening photos, videos and files"},
                                                        {"feed-load", "loading the feed"},
                                                        {"message", "sending messages"},
                                                        {"login", "logging in"},
                                                        {"web", "opening the website"},
                                                        {"dns", "finding the servers (DNS)"},
                                                        {"edge", "reaching the servers"}});

std::string_view platform(std::string_view name) {
  for (const auto& [id, text] : kPlatforms) {
    if (id == name) return text;
  }
  return name;
}

/// A function of the user's own, such as "order-page", has only its name to go by.
std::string function(std::string_view name) {
  for (const auto& [id, text] : kFunctions) {
    if (id == name) return std::string{text};
  }
  std::string words{name};
  for (char& c : words) c = c == '-' ? ' ' : c;
  return words;
}

std::string_view layer(Layer layer) {
  switch (layer) {
    case Layer::dns: return "its address cannot be looked up (DNS)";
    case Layer::tcp: return "no connection can be made (TCP)";
    case Layer::tls: return "no secure connection can be made (TLS)";
    case Layer::http: return "its servers answer with errors (HTTP)";
    case Layer::api: return "its servers report errors (API)";
    case Layer::content: return "what arrives is incomplete or wrong";
    case Layer::timeout: return "no answer comes in time";
    case Layer::local: return "our own machine is at fault";
  }
  return {};
}

std::string_view state(ComponentState state) {
  switch (state) {
    case ComponentState::operational: return "works again";
    case ComponentState::degraded_performance: return "slow";
    case ComponentState::partial_outage: return "fails for some";
    case ComponentState::major_outage: return "fails";
    case ComponentState::under_maintenance: return "under maintenance";
    case ComponentState::unknown: return "cannot be judged at the moment";
  }
  return {};
}

std::string_view severity(Severity severity) {
  switch (severity) {
    case Severity::minor: return "minor";
    case Severity::major: return "major";
    case Severity::critical: return "critical";
  }
  return {};
}

/// How many attempts; never "0 %" of something that happened, nor "100 %" of something that sometimes works.
std::string attempts(double share) {
  if (share >= 1) return "all attempts";
  const double percent = std::round(share * 100);
  if (percent < 1) return "fewer than 1 % of attempts";
  return fmt::format("{:.0f} % of attempts", std::min(percent, 99.0));
}

std::string attempts_fail(double share) {
  return attempts(share) + " fail";
}

std::string attempts_failed(double share) {
  return attempts(share) + " failed";
}

std::string own_network(const OwnNetwork& network) {
  if (!network.online) return "in doubt: other sites do not answer us either";
  const int answering = network.controls - network.controls_failing;
  if (network.controls == 0) return "fine";
  return fmt::format("fine: {} of {} other sites answer", answering, network.controls);
}

}  // namespace

const Texts& english() {
  static const Texts texts{
      .platform = platform,
      .function = function,
      .layer = layer,
      .state = state,
      .severity = severity,
      .attempts_fail = attempts_fail,
      .attempts_failed = attempts_failed,
      .own_network = own_network,
      .headline_updated = "Update: {}",
      .headline_resolved = "Over: {}",
      .headline_reminder = "Still going on after {1}: {0}",
      .headline_test = "Test message from {}",
      .headline_digest = "What happened while nothing could be sent: {} messages",
      .test_sentence = "This channel works. Nothing is wrong and nothing needs to be done.",
      .digest_sentence = "These could not be sent when they happened. One message for all of them:",
      .point = "{}, {}: {}",
      .at_worst = "at worst {}",
      .more_points = "and {} more",
      .since = "Since",
      .noticed = "Noticed",
      .until = "Until",
      .duration = "Lasted",
      .so_far = "Lasting for",
      .worst = "At worst",
      .severity_label = "Severity",
      .still_works = "Still works",
      .our_network = "Our own network",
      .vendor = "The platform says",
      .acknowledged = "Taken on",
      .next_update = "Next message",
      .next_update_value = "when something changes, at the latest {}",
      .link_label = "Status page",
      .acknowledge_label = "I am on it",
      .footer_incident = "Incident {}, message {}",
      .footer_site = "seen from {}",
      .footer_sent = "sent {}",
  };
  return texts;
}

}  // namespace outaged::notify
