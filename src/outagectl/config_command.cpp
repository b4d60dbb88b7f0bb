#include <set>

#include <fmt/format.h>

#include "config/configuration.hpp"
#include "outagectl/commands.hpp"
#include "outagectl/exit_code.hpp"

namespace outaged::ctl {
namespace {

int complain_of(const json::Faults& faults) {
  fmt::print(stderr, "{}outagectl: {} fault(s)\n", config::to_text(faults), faults.size());
  return kBadConfiguration;
}

/// What channels and the heartbeat need and this process lacks, a name each.
std::set<std::string> lacking(const config::Loaded& loaded) {
  std::set<std::string> names;
  for (const auto& [channel, settings] : loaded.settings.channels) {
    for (const auto& reference : settings.secrets) names.insert(reference.name);
  }
  if (loaded.settings.heartbeat.url) names.insert(loaded.settings.heartbeat.url->name);
  std::erase_if(names, [&loaded](const std::string& name) { return !loaded.unset.contains(name); });
  return names;
}

}  // namespace

int config_check(const Context& context, const std::string& file) {
  const auto& path = file.empty() ? context.configuration : file;
  if (path.empty())
    return complain(
        "there is no configuration: $OUTAGED_CONFIG names none and there is no /etc/outaged/outaged.json. Give a file",
        kUsage);
  const auto loaded = config::load(path, config::Reader::person);
  if (!loaded) return complain_of(loaded.error());
  for (const auto& name : lacking(*loaded))
    fmt::print(stderr,
               "outagectl: warning: {} here, for the secret \"{}\"; the daemon may have it, and does not start "
               "without\n",
               loaded->unset.at(name).why, name);
  std::size_t active = 0;
  for (const auto& entry : loaded->catalog) active += entry.active() ? 1U : 0U;
  fmt::print("{}: right ({} probes, {} of them active)\n", path, loaded->catalog.size(), active);
  for (const auto& entry : loaded->catalog) {
    if (!entry.configured())
      fmt::print("  {} is not configured: {} is not set\n", entry.definition->id.name, entry.missing());
  }
  return kOk;
}

int config_show(const Context& context) {
  const auto settings = config::load_settings(context.configuration);
  if (!settings) return complain_of(settings.error());
  // Secrets stand in it by name only.
  print_json(config::configuration_shape().write(*settings));
  return kOk;
}

}  // namespace outaged::ctl
