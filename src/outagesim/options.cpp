#include "outagesim/options.hpp"

#include <CLI/CLI.hpp>

#include "base/units.hpp"

namespace outaged::sim {

Parsed parse_options(int argc, const char* const* argv, Options& options) {
  CLI::App app{"Plays WhatsApp, Instagram and Facebook on loopback, healthy or failing.", "outagesim"};
  std::string healthy_for = "0s";
  std::string lasting = "0s";
  const auto is_duration = [](const std::string& text) {
    return parse_duration(text) ? std::string{} : "not a duration such as 30s, 5m, 1h";
  };
  app.add_option("--dir", options.directory, "Folder for ca.pem, ready.json and the tokens")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--https-port", options.https_port, "Port of all platform hosts (0: any)");
  app.add_option("--http-port", options.http_port, "Port for plain HTTP (0: any)");
  app.add_option("--dns-port", options.dns_port, "Port of the name server, UDP and TCP (0: any)");
  app.add_option("--control-port", options.control_port, "Port of the control API (0: any)");
  app.add_option("--chat-port", options.chat_port, "Port of WhatsApp's chat edge (0: any)");
  app.add_option("--seed", options.seed, "Same seed, same decisions");
  app.add_option("--incident", options.incident, "Incident file, or the beginning of one's name");
  app.add_option("--incidents", options.incidents, "Folder of incident files");
  app.add_option("--speed", options.speed, "Simulated seconds per second")->check(CLI::Range(0.001, 100'000.0));
  app.add_option("--healthy-for", healthy_for, "Simulated time before the incident, such as 5m")->check(is_duration);
  app.add_option("--lasting", lasting, "Squeeze the incident's course into so much simulated time, such as 110m")
      ->check(is_duration);
  auto* config = app.add_option("--write-config", options.write_config, "Write a configuration for outaged here");
  auto* probes = app.add_option("--probes", options.probes, "Folder of probe files, for --write-config");
  auto* data = app.add_option("--data", options.data, "Folder for the daemon's data, for --write-config");
  config->needs(probes)->needs(data);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help comes as an "error" with exit code 0.
    return app.exit(error) == 0 ? Parsed::done : Parsed::refused;
  }
  options.healthy_for = *parse_duration(healthy_for);
  options.lasting = *parse_duration(lasting);
  return Parsed::run;
}

}  // namespace outaged::sim
