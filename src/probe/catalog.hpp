#pragma once
// Catalog: all probes of a configuration, read and checked as a whole.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probe/definition.hpp"
#include "probe/own_sites.hpp"

namespace outaged::probe {

/// Configuration section "probes".
struct Settings {
  std::vector<std::string> paths;  ///< files, or folders with all below them; relative to the configuration file
  std::vector<std::string> disable;
  std::map<std::string, Override> overrides;
  OwnSites own;
};
const json::Shape<Settings>& settings_shape();

struct CatalogEntry {
  std::shared_ptr<const Definition> definition;
  std::string file;  ///< "configuration" when it stands in none
  bool disabled = false;
  std::vector<std::string> missing_secrets;  ///< not configured while there are any

  std::vector<std::string> missing_variables;

  /// The first thing that is missing, in words: "the secret facebook_page_token".
  [[nodiscard]] std::string missing() const;
  [[nodiscard]] bool configured() const { return missing_secrets.empty() && missing_variables.empty(); }
  [[nodiscard]] bool active() const { return !disabled && configured(); }
};

/// Sorted by id. Nothing when at least one fault was added: a catalog is whole or not there. Files and folders whose
/// names begin with '_' or '.' are not probes; `_classify.json` holds the rules of its folder and those below.
/// `path`: the configuration's file, for faults.
std::optional<std::vector<CatalogEntry>> load_catalog(const Settings& settings, const std::string& base_directory,
                                                      const FixedValues& values, const std::string& path,
                                                      json::Faults& faults);

/// One file, for `outagectl probe check` and `probe run FILE`; with the rules of its folder and the one above.
std::optional<CatalogEntry> load_probe_file(const std::string& path, const FixedValues& values, json::Faults& faults);

}  // namespace outaged::probe
