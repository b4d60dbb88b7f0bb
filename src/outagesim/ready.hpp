#pragma once
// What the simulator tells those who want to use it: ready.json, and a configuration with which outaged runs against
// it.
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/json/fault.hpp"
#include "outagesim/options.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim {

struct Ports {
  std::uint16_t https = 0;
  std::uint16_t http = 0;
  std::uint16_t chat = 0;
  std::uint16_t control_https = 0;
  std::uint16_t dns = 0;
  std::uint16_t dns_authority = 0;
  std::uint16_t dns_quad9 = 0;
  std::uint16_t dns_cloudflare = 0;
  std::uint16_t api = 0;
};

/// How the simulator's time runs.
struct Clockwork {
  double speed = 1.0;
  std::optional<WallTime> start;
};

/// Variable name → value, for probe files.
json::Json variables(const World& world, const Ports& ports);

/// The content of ready.json. Holds the tokens: they are worth nothing anywhere else.
json::Json ready(const World& world, const Ports& ports, const Options& options, const Clockwork& clockwork);

/// The configuration of a daemon that runs against the simulator; secrets are files in options.directory.
json::Json configuration(const World& world, const Ports& ports, const Options& options, const Clockwork& clockwork);

/// Writes where the channel of a demonstration posts to. The error in words.
Expected<bool, std::string> write_terminal(const Ports& ports, const std::string& directory);

/// Writes each token into a file of its own that only the owner can read. The error in words.
Expected<bool, std::string> write_tokens(const World& world, const std::string& directory);

}  // namespace outaged::sim
