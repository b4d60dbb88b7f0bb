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

}  // namespace

int config_check(const Context& context, const std::string& file) {
  const auto& path = file.empty() ? context.configuration : file;
  if (path.empty()) return complain("which file? Give one, or --config FILE", kUsage);
  const auto loaded = config::load(path);
  if (!loaded) return complain_of(loaded.error());
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
