#include "outagesim/ready.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/units.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim {
namespace {

using json::Json;

/// The channel by which a demonstration's alerts come to the terminal.
constexpr const char* kTerminal = "terminal";

std::string absolute(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

std::string token_file(const std::string& directory, const std::string& secret) {
  return absolute(directory) + "/" + secret;
}

Json network(const Ports& ports, const Options& options) {
  return {{"dns", Json::array({fmt::format("127.0.0.1:{}", ports.dns)})},
          {"ca_file", absolute(options.directory) + "/ca.pem"}};
}

Json clock_json(const Clockwork& clockwork) {
  Json out = {{"speed", clockwork.speed}};
  if (clockwork.start) out["start"] = format_time(*clockwork.start);
  return out;
}

}  // namespace

Json variables(const World& world, const Ports& ports) {
  Json out = {{"graph_version", world.accounts.graph_version},
              {"whatsapp_phone_number_id", world.accounts.whatsapp_phone_number_id},
              {"facebook_app_id", world.accounts.facebook_app_id},
              {"facebook_page_id", world.accounts.facebook_page_id},
              {"instagram_user_id", world.accounts.instagram_user_id},
              {"whatsapp_web_plain", fmt::format("http://web.whatsapp.com:{}", ports.http)},
              {"instagram_image_url", fmt::format("https://www.example.org:{}/photo.jpg", ports.https)},
              {"control_gateway", fmt::format("127.0.0.1:{}", ports.control_https)},
              {"control_dns_quad9", fmt::format("127.0.0.1:{}", ports.dns_quad9)},
              {"control_dns_cloudflare", fmt::format("127.0.0.1:{}", ports.dns_cloudflare)}};
  for (const auto& [platform, zone] : {std::pair{"facebook", "facebook.com"}, std::pair{"instagram", "instagram.com"},
                                       std::pair{"whatsapp", "whatsapp.net"}}) {
    out[fmt::format("{}_zone", platform)] = zone;
    for (const char server : {'a', 'b', 'c', 'd'})
      out[fmt::format("{}_ns_{}", platform, server)] = fmt::format("{}.ns.{}:{}", server, zone, ports.dns_authority);
  }
  for (const Host& host : hosts()) {
    if (host.variable.empty()) continue;
    const std::string name(host.variable);
    switch (host.role) {
      case Role::chat: out[name] = fmt::format("{}:{}", host.name, ports.chat); break;
      case Role::control: out[name] = fmt::format("https://{}:{}", host.name, ports.control_https); break;
      default: out[name] = fmt::format("https://{}:{}", host.name, ports.https);
    }
  }
  return out;
}

Json ready(const World& world, const Ports& ports, const Options& options, const Clockwork& clockwork) {
  return {{"variables", variables(world, ports)},
          {"secrets", world.tokens.secrets()},
          {"network", network(ports, options)},
          {"clock", clock_json(clockwork)},
          {"control", fmt::format("http://127.0.0.1:{}", ports.api)}};
}

Json configuration(const World& world, const Ports& ports, const Options& options, const Clockwork& clockwork) {
  Json secrets = Json::object();
  for (const auto& [name, token] : world.tokens.secrets())
    secrets[name] = {{"file", token_file(options.directory, name)}};
  const std::string data = absolute(options.data);
  Json out = {{"site", "simulator"},
              {"variables", variables(world, ports)},
              {"secrets", secrets},
              {"probes", {{"paths", Json::array({absolute(options.probes)})}}},
              {"store", {{"path", data + "/outaged.db"}}},
              {"network", network(ports, options)},
              {"serve", {{"listen", "127.0.0.1:8460"}, {"socket", data + "/outaged.sock"}}}};
  // On loopback an answer takes milliseconds, and hundreds when somebody compiles beside the simulator.
  out["detection"] = {{"slow_least", "1s"}};
  if (clockwork.start) out["clock"] = clock_json(clockwork);
  if (!options.incident.empty()) {
    out["secrets"][kTerminal] = {{"file", token_file(options.directory, kTerminal)}};
    out["channels"][kTerminal] = {{"type", "slack"}, {"url", std::string{"${secret:"} + kTerminal + "}"}};
  }
  return out;
}

Expected<bool, std::string> write_terminal(const Ports& ports, const std::string& directory) {
  return write_file_atomically(token_file(directory, kTerminal),
                               fmt::format("http://127.0.0.1:{}/services/terminal", ports.api));
}

Expected<bool, std::string> write_tokens(const World& world, const std::string& directory) {
  for (const auto& [name, token] : world.tokens.secrets()) {
    const std::string path = token_file(directory, name);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && ::fchmod(fd, 0600) == 0 &&
                         ::write(fd, token.data(), token.size()) == static_cast<ssize_t>(token.size());
    const int reason = errno;
    if (fd >= 0) ::close(fd);
    if (!written) return Unexpected{path + " cannot be written: " + std::strerror(reason)};
  }
  return true;
}

}  // namespace outaged::sim
