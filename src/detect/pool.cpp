#include "detect/pool.hpp"

#include <map>
#include <set>

#include "detect/family.hpp"

namespace outaged::detect {

std::vector<Pool> make_pools(const std::vector<ComponentId>& components, const std::vector<std::string>& owners,
                             const std::vector<bool>& several) {
  std::map<std::string, std::vector<std::size_t>> members;
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < components.size(); ++i) {
    const ComponentId& id = components[i];
    if (several[i]) pools.push_back({to_string(id), {i}, {}});
    members["function " + owners[i] + "/" + id.function].push_back(i);
    members["platform " + owners[i] + "/" + id.platform].push_back(i);
    members["owner " + owners[i]].push_back(i);
    if (is_media(id.function)) members["media " + owners[i]].push_back(i);
  }
  std::set<std::vector<std::size_t>> known;
  for (auto& [name, indexes] : members) {
    if (indexes.size() > 1 && known.insert(indexes).second) pools.push_back({name, std::move(indexes), {}});
  }
  return pools;
}

}  // namespace outaged::detect
