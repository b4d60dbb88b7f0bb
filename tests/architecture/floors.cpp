#include "architecture/floors.hpp"

#include <map>
#include <ranges>
#include <regex>
#include <set>

#include <fmt/format.h>

namespace outaged::architecture {
namespace {

struct Module {
  int floor;
  std::set<std::string> knows;
};

const std::map<std::string, Module>& table() {
  static const std::map<std::string, Module> modules = [] {
    std::map<std::string, Module> out{
        {"boost", {-1, {}}},
        {"base", {0, {"boost"}}},
        {"core", {1, {"base"}}},
        {"net", {2, {"core"}}},
        {"detect", {3, {"core"}}},
        {"probe", {3, {"core", "net"}}},
        {"schedule", {3, {"core"}}},
        {"incident", {4, {"core", "detect"}}},
        {"store", {5, {"core", "incident"}}},
        {"replay", {6, {"core", "detect", "incident", "schedule", "store"}}},
        {"notify", {6, {"core", "incident", "store", "net"}}},
        {"serve", {7, {"core", "incident", "store"}}},
    };
    // The configuration composes the settings of all modules, and the programs wire whatever is below them.
    std::set<std::string> below;
    for (const auto& [name, module] : out) below.insert(name);
    out["config"] = {8, below};
    below.insert("config");
    for (const char* program : {"outaged", "outagectl", "outagesim"}) out[program] = {9, below};
    return out;
  }();
  return modules;
}

void add_known(const std::string& module, std::set<std::string>& known) {
  for (const std::string& name : table().at(module).knows) {
    if (known.insert(name).second) add_known(name, known);
  }
}

bool may_know(const std::string& module, const std::string& other) {
  if (module == other) return true;
  std::set<std::string> known;
  add_known(module, known);
  return known.contains(other) && table().at(other).floor < table().at(module).floor;
}

/// Complains of every match whose first group names a module that this one may not know.
Complaints check_names(const Source& source, const std::string& text, const std::regex& expression, const char* verb) {
  const std::string module = module_of(source.path);
  if (!table().contains(module)) return {{source.path, 1, fmt::format("{} is on no floor of the table", module)}};
  Complaints out;
  for (std::sregex_iterator match{text.begin(), text.end(), expression}, end; match != end; ++match) {
    const std::string other = (*match)[1];
    const auto line = line_of(text, static_cast<std::size_t>(match->position()));
    if (!table().contains(other)) {
      out.push_back({source.path, line, fmt::format("{} {} {}, which is on no floor", module, verb, other)});
    } else if (!may_know(module, other)) {
      out.push_back({source.path, line, fmt::format("{} {} {}, which it must not know", module, verb, other)});
    }
  }
  return out;
}

}  // namespace

Complaints check_includes(const Source& source) {
  // In angle brackets stand the headers of others; but since src/ is searched for those as well, ours can, too.
  static const std::regex include{
      fmt::format(R"re((?:^|\n)[ \t]*#[ \t]*include[ \t]*(?:"|<(?=(?:{})/[^>\n]*\.hpp>))([^"/]+)/)re",
                  fmt::join(std::views::keys(table()), "|"))};
  return check_names(source, source.text, include, "includes");
}

Complaints check_links(const Source& source) {
  static const std::regex comment{"#[^\n]*"};
  static const std::regex link{R"(\boutaged::(\w+))"};
  std::string text = std::regex_replace(source.text, comment, "");
  // The libraries that are a part of their program.
  const std::string module = module_of(source.path);
  if (module == "outagesim") text = std::regex_replace(text, std::regex{R"(outaged::sim\b)"}, "");
  if (module == "outaged") text = std::regex_replace(text, std::regex{R"(outaged::daemon\b)"}, "");
  return check_names(source, text, link, "links");
}

Complaints check_targets(const std::vector<Source>& sources) {
  static const std::regex target{R"(\b(outaged_module|outaged_program|add_library)\s*\(\s*(\w+))"};
  std::map<std::string, bool> has_target;
  for (const Source& source : sources) {
    const std::string module = module_of(source.path);
    if (module.empty() || source.path == "src/CMakeLists.txt") continue;
    if (source.path.ends_with(".cpp")) has_target.try_emplace(module, false);
    if (source.path.ends_with("CMakeLists.txt") && std::regex_search(source.text, target)) has_target[module] = true;
  }
  Complaints out;
  for (const auto& [module, made] : has_target) {
    if (!made) out.push_back({fmt::format("src/{}/CMakeLists.txt", module), 1, "makes no target of its sources"});
  }
  return out;
}

}  // namespace outaged::architecture
