#include "outagectl/known.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/json/fault.hpp"
#include "serve/documents.hpp"

namespace outaged::ctl {

std::vector<KnownProbe> known_probes(const Source& source) {
  const auto document =
      fetch(source, "/api/v1/probes", [](store::Reader& reader) { return serve::probes_document(reader); });
  std::vector<KnownProbe> out;
  if (!document || !document->body.contains("probes")) return out;
  for (const auto& probe : document->body["probes"])
    out.push_back({probe.value("id", ""), probe.value("component", ""), probe.value("state", "")});
  return out;
}

std::vector<std::string> components_of(const std::vector<KnownProbe>& probes) {
  std::set<std::string> names;
  for (const auto& probe : probes) names.insert(probe.component);
  return {names.begin(), names.end()};
}

std::string why_not_run(const std::string& name, const std::vector<KnownProbe>& probes) {
  std::vector<std::string> ids;
  std::vector<std::string> watching;
  for (const auto& probe : probes) {
    if (probe.id == name)
      return probe.state == "active" ? "" : fmt::format("the probe {} does not run: it is {}", name, probe.state);
    ids.push_back(probe.id);
    if (probe.component == name) watching.push_back(probe.id);
  }
  if (!watching.empty())
    return fmt::format("{} is a component; what watches it is {}", name, fmt::join(watching, ", "));
  const auto shown = printable(name, 100);
  if (name.ends_with(".json")) return fmt::format("there is no file {}", shown);
  auto near = suggestion(name, ids);
  if (near.empty()) near = suggestion(name, components_of(probes));
  if (near.empty()) near = "; \"outagectl probes\" lists them";
  return fmt::format("there is no probe {}{}", shown, near);
}

std::string suggestion(const std::string& name, const std::vector<std::string>& names) {
  const auto meant = json::did_you_mean(name, names);
  return meant.empty() ? "" : " (" + meant + ")";
}

}  // namespace outaged::ctl
