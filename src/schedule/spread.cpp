#include "schedule/spread.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

namespace outaged::schedule {
namespace {

using Places = std::vector<std::size_t>;

/// The places in an order in which every owner's are evenly mixed: an owner's j-th of m wants to be at (j + u) / m of
/// the whole, u being the owner's own random shift.
Places mixed(const std::map<std::string, Places>& by_owner, Random& random) {
  std::vector<std::pair<double, std::size_t>> wishes;
  for (const auto& [owner, places] : by_owner) {
    const double shift = random.uniform();
    for (std::size_t j = 0; j < places.size(); ++j)
      wishes.emplace_back((static_cast<double>(j) + shift) / static_cast<double>(places.size()), places[j]);
  }
  std::ranges::sort(wishes);
  Places order;
  order.reserve(wishes.size());
  for (const auto& [wish, place] : wishes) order.push_back(place);
  return order;
}

}  // namespace

std::vector<Micros> first_beats(const std::vector<Entry>& entries, Random& random) {
  std::map<Micros, std::map<std::string, Places>> groups;
  for (std::size_t i = 0; i < entries.size(); ++i) groups[entries[i].interval][entries[i].owner].push_back(i);

  std::vector<Micros> beats(entries.size());
  for (const auto& [interval, by_owner] : groups) {
    const Places order = mixed(by_owner, random);
    // Each group has a shift of its own, so that the grids of different intervals do not meet at one moment.
    const double shift = random.uniform();
    const double step = static_cast<double>(interval.count()) / static_cast<double>(order.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
      const auto offset = static_cast<Micros::rep>(std::floor((static_cast<double>(k) + shift) * step));
      beats[order[k]] = std::min(Micros{offset}, interval - Micros{1});
    }
  }
  return beats;
}

}  // namespace outaged::schedule
