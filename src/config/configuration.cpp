#include "config/configuration.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/json/parse.hpp"
#include "config/paths.hpp"
#include "net/gateway.hpp"
#include "net/trust_store.hpp"

namespace outaged::config {
namespace {

namespace fs = std::filesystem;

/// Paths in the file are relative to the file, so that it means the same wherever the program is started.
std::string resolved(const std::string& base_directory, const std::string& path) {
  return (fs::path(base_directory) / path).lexically_normal().string();
}

std::string directory_of(const std::string& path) {
  const auto parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

void resolve_paths(Configuration& settings, const std::string& base_directory) {
  settings.store.path =
      settings.store.path.empty() ? default_database() : resolved(base_directory, settings.store.path);
  settings.serve.socket = settings.serve.socket.empty() ? default_socket(settings.store.path)
                                                        : resolved(base_directory, settings.serve.socket);
  if (!settings.network.ca_file.empty()) settings.network.ca_file = resolved(base_directory, settings.network.ca_file);
}

/// Secrets that a probe names and the configuration does not: a typing mistake, not a secret that is not set.
void check_required(const Loaded& loaded, json::Faults& faults) {
  std::vector<std::string> names;
  names.reserve(loaded.settings.secrets.size());
  for (const auto& [name, source] : loaded.settings.secrets) names.push_back(name);
  for (const auto& entry : loaded.catalog) {
    const auto& required = entry.definition->required_secrets;
    for (std::size_t i = 0; i < required.size(); ++i) {
      if (loaded.settings.secrets.contains(required[i])) continue;
      faults.push_back({entry.file, "/requires/" + std::to_string(i),
                        "\"" + required[i] + "\", which \"secrets\" in the configuration does not name",
                        json::list_of(names), json::did_you_mean(required[i], names)});
    }
  }
}

/// A run that is written off while it still may answer is never judged.
void check_patience(const Loaded& loaded, const json::Cursor& cursor) {
  const Micros patience = loaded.settings.schedule.give_up_after;
  for (const auto& entry : loaded.catalog) {
    const auto& probe = *entry.definition;
    if (probe.timeout <= patience) continue;
    cursor.fault(fmt::format("{}, below the timeout of {}, which is {}", format_duration(patience), probe.id.name,
                             format_duration(probe.timeout)),
                 "longer than any probe's timeout");
  }
}

/// A key that nobody knows would look like protection: it must be described, set, and hard to guess.
void check_key(const Loaded& loaded, const std::optional<SecretReference>& reference, const json::Cursor& cursor) {
  constexpr std::size_t kShortest = 16;
  if (!reference) return;
  const auto found = loaded.values.secrets.find(reference->name);
  if (!loaded.settings.secrets.contains(reference->name)) {
    cursor.fault("the secret \"" + reference->name + "\", which \"secrets\" does not describe",
                 "a secret that \"secrets\" describes");
  } else if (found != loaded.values.secrets.end() && found->second.reveal().size() < kShortest) {
    cursor.fault("a secret of less than 16 characters", "a secret that cannot be guessed, of 16 characters or more");
  }
}

}  // namespace

const json::Shape<Configuration>& configuration_shape() {
  static const auto shape =
      json::object<Configuration>("Configuration of outaged. Comments are allowed.")
          .field("site", &Configuration::site, json::nonempty_text(), "Name of the place from which it looks.")
          .field("public_address", &Configuration::public_address,
                 json::text("(https?://[^/]+(/.*[^/])?)?", "an http or https address without a slash at the end"),
                 "Where people reach the status page; messages link to it. \"\": no link.")
          .field("variables", &Configuration::variables,
                 json::map_of(json::text(), "[a-z][a-z0-9_]*", "a name of lower-case letters, digits and _"),
                 "Values for probe files, used there as ${var:NAME}.")
          .field("secrets", &Configuration::secrets,
                 json::map_of(secret_source_shape(), "[a-zA-Z][a-zA-Z0-9_]*", "a name of letters, digits and _"),
                 "Where secrets come from; used as ${secret:NAME}. A probe whose secret is not set is \"not "
                 "configured\"; a channel needs its own, or the daemon does not start.")
          .field("probes", &Configuration::probes, probe::settings_shape(), "Which probes run.")
          .field("store", &Configuration::store, store::settings_shape(), "Where results are kept.")
          .field("schedule", &Configuration::schedule, schedule::settings_shape(), "When probes run.")
          .field("detection", &Configuration::detection, detect::settings_shape(), "How outages are told from noise.")
          .field("incidents", &Configuration::incidents, incident::settings_shape(), "What belongs together.")
          .field("network", &Configuration::network, net::settings_shape(), "How the network is asked.")
          .field("channels", &Configuration::channels, notify::settings_shape(), "Where messages go.")
          .field("routes", &Configuration::routes, notify::routes_shape(),
                 "Who is told of what, and when. None: every channel is told of every incident.")
          .field("heartbeat", &Configuration::heartbeat, notify::heartbeat_shape(),
                 "An outgoing sign of life that proves the whole chain.")
          .field("serve", &Configuration::serve, serve::settings_shape(), "Where the daemon listens.")
          .field("log", &Configuration::log, log_shape(), "What is logged.")
          .field("clock", &Configuration::clock, pace_shape(), "Compressed time for demonstrations.")
          .build();
  return shape;
}

Expected<Configuration, json::Faults> load_settings(const std::string& path) {
  json::Faults faults;
  Configuration settings;
  if (!path.empty()) {
    auto text = json::parse_file(path);
    if (!text) return Unexpected{json::Faults{text.error()}};
    auto read = configuration_shape().read(*text, json::Cursor(path, faults));
    if (!read) return Unexpected{std::move(faults)};
    settings = std::move(*read);
  }
  resolve_paths(settings, directory_of(path));
  return settings;
}

/// "auto" is the gateway of the default route, at the port at which routers answer or refuse; without one, nobody.
void find_gateway(std::map<std::string, std::string>& variables) {
  const auto found = variables.find("control_gateway");
  if (found == variables.end() || found->second != "auto") return;
  const auto gateway = net::default_gateway();
  const bool ipv6 = gateway && gateway->find(':') != std::string::npos;
  found->second = !gateway ? "" : (ipv6 ? "[" + *gateway + "]" : *gateway) + ":53";
}

Expected<Loaded, json::Faults> load(const std::string& path, Reader reader) {
  auto settings = load_settings(path);
  if (!settings) return Unexpected{std::move(settings).error()};
  json::Faults faults;
  const json::Cursor cursor(path, faults);
  const auto base_directory = directory_of(path);

  Loaded loaded;
  loaded.settings = std::move(*settings);
  loaded.values.variables = loaded.settings.variables;
  find_gateway(loaded.values.variables);
  auto redactor = std::make_shared<Redactor>();
  for (const auto& [name, source] : loaded.settings.secrets) {
    auto secret = read_secret(source, base_directory, cursor.at("secrets").at(name));
    if (!secret) {
      loaded.unset[name] = {why_unset(source), reader == Reader::person && !source.file};
      continue;
    }
    redactor->add(*secret);
    loaded.values.secrets.emplace(name, std::move(*secret));
  }
  loaded.redactor = std::move(redactor);
  if (auto catalog = probe::load_catalog(loaded.settings.probes, base_directory, loaded.values, path, faults)) {
    loaded.catalog = std::move(*catalog);
    check_required(loaded, faults);
    check_patience(loaded, cursor.at("schedule").at("give_up_after"));
  }
  if (const auto& ca_file = loaded.settings.network.ca_file; !ca_file.empty()) {
    if (const auto store = net::load_trust_store(ca_file); !store)
      cursor.at("network").at("ca_file").fault(store.error(), "a PEM file with certificate authorities");
  }
  notify::open_channels(loaded.settings.channels, loaded.values.secrets, cursor.at("channels"), loaded.unset);
  check_key(loaded, loaded.settings.serve.admin_token, cursor.at("serve").at("admin_token"));
  check_key(loaded, loaded.settings.serve.link_key, cursor.at("serve").at("link_key"));
  if (loaded.settings.serve.link_key && loaded.settings.public_address.empty())
    cursor.at("serve").at("link_key").fault("a key for links, and no \"public_address\"", "both of them, or neither");
  notify::check_routes(loaded.settings.routes, loaded.settings.channels, cursor.at("routes"));
  notify::check_heartbeat(loaded.settings.heartbeat, loaded.values.secrets, cursor.at("heartbeat"), loaded.unset);
  if (!faults.empty()) return Unexpected{std::move(faults)};
  return loaded;
}

std::string to_text(const json::Faults& faults) {
  std::string text;
  for (const auto& fault : faults) text += json::to_string(fault) + "\n";
  return text;
}

}  // namespace outaged::config
