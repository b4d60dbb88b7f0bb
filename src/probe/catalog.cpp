#include "probe/catalog.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/json/parse.hpp"

namespace outaged::probe {
namespace {

namespace fs = std::filesystem;

constexpr const char* kClassifyFile = "_classify.json";

std::optional<json::Json> content_of(const fs::path& path, json::Faults& faults) {
  auto content = json::parse_file(path.string());
  if (content) return std::move(*content);
  faults.push_back(content.error());
  return std::nullopt;
}

/// Reads tables of rules, each file once.
class Tables {
 public:
  explicit Tables(json::Faults& faults) : faults_(faults) {}

  /// The rules for a probe in `folder`: its own first, then those of the folder above; then what else they say.
  std::vector<ClassifyRule> rules_for(const fs::path& folder) {
    const ClassifyTable& own = in(folder);
    const ClassifyTable& above = in(folder.parent_path());
    std::vector<ClassifyRule> rules;
    for (const auto* some : {&own.rules, &above.rules, &own.otherwise, &above.otherwise})
      rules.insert(rules.end(), some->begin(), some->end());
    return rules;
  }

 private:
  const ClassifyTable& in(const fs::path& folder) {
    auto [place, fresh] = tables_.try_emplace(folder.string());
    const auto path = folder / kClassifyFile;
    std::error_code error;
    if (!fresh || !fs::exists(path, error)) return place->second;
    if (const auto content = content_of(path, faults_)) {
      auto table = classify_table_shape().read(*content, json::Cursor(path.string(), faults_));
      if (table) place->second = std::move(*table);
    }
    return place->second;
  }

  json::Faults& faults_;
  std::map<std::string, ClassifyTable> tables_;
};

bool is_hidden(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with('_') || name.starts_with('.');
}

void collect_files(const fs::path& path, const json::Cursor& cursor, std::vector<fs::path>& files) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    for (fs::recursive_directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      if (is_hidden(it->path())) {
        if (it->is_directory(error)) it.disable_recursion_pending();
      } else if (it->is_regular_file(error) && it->path().extension() == ".json") {
        files.push_back(it->path());
      }
    }
    if (error) cursor.fault("the folder " + path.string() + ", which cannot be read", "a readable folder");
  } else if (fs::exists(path, error)) {
    files.push_back(path);
  } else {
    cursor.fault("text \"" + path.string() + "\", where nothing is", "a probe file or a folder of probe files");
  }
}

CatalogEntry entry_of(Definition definition, std::string file) {
  CatalogEntry entry;
  entry.definition = std::make_shared<const Definition>(std::move(definition));
  entry.file = std::move(file);
  return entry;
}

std::optional<CatalogEntry> load(const fs::path& path, const FixedValues& values, Tables& tables,
                                 json::Faults& faults) {
  auto table = tables.rules_for(path.parent_path());
  const auto content = content_of(path, faults);
  auto definition = content ? read_definition(*content, values, path.string(), faults) : std::nullopt;
  if (!definition) return std::nullopt;
  definition->table = std::move(table);
  auto entry = entry_of(std::move(*definition), path.string());
  for (const auto& name : entry.definition->required_secrets) {
    if (!values.secrets.contains(name)) entry.missing_secrets.push_back(name);
  }
  for (const auto& name : entry.definition->required_variables) {
    const auto variable = values.variables.find(name);
    if (variable == values.variables.end() || variable->second.empty()) entry.missing_variables.push_back(name);
  }
  return entry;
}

/// Names in the configuration that no probe has.
void check_ids(const Settings& settings, const std::vector<CatalogEntry>& catalog, const json::Cursor& cursor) {
  std::vector<std::string> ids;
  ids.reserve(catalog.size());
  for (const auto& entry : catalog) ids.push_back(entry.definition->id.name);
  const auto check = [&](const std::string& id, const json::Cursor& at) {
    if (std::ranges::find(ids, id) == ids.end())
      at.fault("the unknown probe \"" + id + "\"", "a probe's id", json::did_you_mean(id, ids));
  };
  for (std::size_t i = 0; i < settings.disable.size(); ++i) check(settings.disable[i], cursor.at("disable").at(i));
  for (const auto& [id, change] : settings.overrides) check(id, cursor.at("overrides").at(id));
}

void apply(const Settings& settings, CatalogEntry& entry) {
  const auto& id = entry.definition->id.name;
  entry.disabled = std::ranges::find(settings.disable, id) != settings.disable.end();
  const auto change = settings.overrides.find(id);
  if (change == settings.overrides.end()) return;
  auto copy = std::make_shared<Definition>(*entry.definition);
  copy->interval = change->second.interval.value_or(copy->interval);
  copy->timeout = change->second.timeout.value_or(copy->timeout);
  entry.definition = std::move(copy);
}

}  // namespace

std::string CatalogEntry::missing() const {
  if (!missing_secrets.empty()) return "the secret " + missing_secrets.front();
  return missing_variables.empty() ? std::string{} : "the variable " + missing_variables.front();
}

const json::Shape<Settings>& settings_shape() {
  static const auto shape =
      json::object<Settings>("Which probes run.")
          .field("paths", &Settings::paths, json::list(json::nonempty_text()),
                 "Probe files, or folders of them; relative to this file.")
          .field("disable", &Settings::disable, json::list(json::nonempty_text()), "Ids of probes that do not run.")
          .field("overrides", &Settings::overrides, json::map_of(override_shape()), "Changes to single probes, by id.")
          .field("own", &Settings::own, own_sites_shape(), "Web sites of your own.")
          .build();
  return shape;
}

std::optional<std::vector<CatalogEntry>> load_catalog(const Settings& settings, const std::string& base_directory,
                                                      const FixedValues& values, const std::string& path,
                                                      json::Faults& faults) {
  const auto before = faults.size();
  const json::Cursor cursor = json::Cursor(path, faults).at("probes");
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < settings.paths.size(); ++i)
    collect_files((fs::path(base_directory) / settings.paths[i]).lexically_normal(), cursor.at("paths").at(i), files);
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());

  Tables tables(faults);
  std::vector<CatalogEntry> catalog;
  std::map<std::string, std::string> file_of;
  const auto add = [&](CatalogEntry entry) {
    const auto& id = entry.definition->id.name;
    const auto [place, fresh] = file_of.emplace(id, entry.file);
    if (!fresh)
      faults.push_back({entry.file, "/id", "\"" + id + "\", which " + place->second + " has too", "a unique id", ""});
    apply(settings, entry);
    catalog.push_back(std::move(entry));
  };
  for (const auto& [name, site] : settings.own) {
    for (auto& definition : own_site_probes(name, site)) add(entry_of(std::move(definition), "configuration"));
  }
  for (const auto& file : files) {
    if (auto entry = load(file, values, tables, faults)) add(std::move(*entry));
  }
  if (faults.size() == before) check_ids(settings, catalog, cursor);
  if (faults.size() != before) return std::nullopt;
  std::ranges::sort(catalog, {}, [](const CatalogEntry& entry) { return entry.definition->id; });
  return catalog;
}

std::optional<CatalogEntry> load_probe_file(const std::string& path, const FixedValues& values, json::Faults& faults) {
  const auto before = faults.size();
  Tables tables(faults);
  auto entry = load(fs::path(path), values, tables, faults);
  if (faults.size() != before) return std::nullopt;
  return entry;
}

}  // namespace outaged::probe
