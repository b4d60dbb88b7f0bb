#include "detect/window.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace outaged::detect {
namespace {

/// Kinds are fixed words of our own probes; more than this is nothing a person would read.
constexpr std::size_t kMostKinds = 24;
constexpr std::size_t kLongestKind = 40;
constexpr std::size_t kLongestDetail = 500;
constexpr int kLayerSample = 10;
constexpr int kFirstLayer = 4;

}  // namespace

std::uint16_t Window::kind_index(const std::string& kind) {
  const auto short_kind = kind.substr(0, kLongestKind);
  const auto found = std::ranges::find(kinds_, short_kind);
  const auto index = static_cast<std::size_t>(found - kinds_.begin());
  if (found == kinds_.end()) {
    if (kinds_.size() == kMostKinds) return static_cast<std::uint16_t>(kMostKinds - 1);
    kinds_.push_back(kinds_.size() + 1 == kMostKinds ? "other" : short_kind);
  }
  return static_cast<std::uint16_t>(index);
}

void Window::add(const Observation& observation) {
  Entry entry{static_cast<std::uint32_t>(observation.probe), observation.known, observation.failed, observation.slow};
  if (observation.failed) {
    entry.layer = observation.layer;
    entry.kind = kind_index(observation.kind);
    example_ = observation.detail.substr(0, kLongestDetail);
  }
  if (entries_.size() == kLength) entries_.pop_front();
  entries_.push_back(entry);
}

void Window::withdraw_since(Micros own) {
  std::erase_if(entries_, [own](const Entry& entry) { return entry.known >= own; });
}

Window::Count Window::count(Micros since, std::size_t most) const {
  Count count;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && most > 0; ++entry, --most) {
    if (entry->known < since) continue;
    ++count.attempts;
    count.failures += entry->failed ? 1 : 0;
    count.slow += entry->slow ? 1 : 0;
  }
  return count;
}

Evidence Window::evidence(Micros since, const std::vector<ProbeId>& names) const {
  Evidence evidence;
  for (const Entry& entry : entries_) {
    if (entry.known < since) continue;
    ++evidence.attempts;
    if (entry.slow) ++evidence.kinds["slow"];
    if (!entry.failed) continue;
    ++evidence.failures;
    ++evidence.layers[entry.layer];
    ++evidence.kinds[kinds_[entry.kind]];
    evidence.failing_probes.push_back(names[entry.probe]);
  }
  std::ranges::sort(evidence.failing_probes);
  const auto repeats = std::ranges::unique(evidence.failing_probes);
  evidence.failing_probes.erase(repeats.begin(), repeats.end());
  if (evidence.failures > 0) evidence.example = example_;
  return evidence;
}

std::optional<Micros> Window::last_known() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.back().known;
}

std::optional<Micros> Window::first_failure(Micros since) const {
  for (const Entry& entry : entries_) {
    if (entry.failed && entry.known >= since) return entry.known;
  }
  return std::nullopt;
}

std::optional<Layer> Window::other_layer(Micros since, std::optional<Layer> believed) const {
  std::array<int, enum_names<Layer>().size()> counts{};
  int failures = 0;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && failures < kLayerSample; ++entry) {
    if (entry->known < since || !entry->failed) continue;
    ++failures;
    ++counts[static_cast<std::size_t>(entry->layer)];
  }
  const auto most = std::ranges::max_element(counts);
  const bool gone = !believed || counts[static_cast<std::size_t>(*believed)] == 0;
  if (failures < (believed ? kLayerSample : kFirstLayer) || !gone || *most * 10 < failures * 6) return std::nullopt;
  return static_cast<Layer>(most - counts.begin());
}

nlohmann::json Window::save(const std::vector<ProbeId>& names) const {
  auto entries = nlohmann::json::array();
  std::vector<std::uint32_t> probes;
  for (const Entry& entry : entries_) {
    const auto place = std::ranges::find(probes, entry.probe) - probes.begin();
    if (place == std::ssize(probes)) probes.push_back(entry.probe);
    entries.push_back({place, entry.known.count(), (entry.failed ? 1 : 0) + (entry.slow ? 2 : 0),
                       static_cast<int>(entry.layer), entry.kind});
  }
  auto own_names = nlohmann::json::array();
  for (const std::uint32_t probe : probes) own_names.push_back(names[probe].name);
  return {entries, kinds_, example_, own_names};
}

void Window::load(const nlohmann::json& saved, const std::map<std::string, std::size_t>& index_of) {
  kinds_ = saved.at(1).get<std::vector<std::string>>();
  example_ = saved.at(2).get<std::string>();
  const auto names = saved.at(3).get<std::vector<std::string>>();
  entries_.clear();
  for (const auto& one : saved.at(0)) {
    const auto probe = index_of.find(names.at(one.at(0).get<std::size_t>()));
    const auto flags = one.at(2).get<int>();
    Entry entry{0, Micros{one.at(1).get<Micros::rep>()}, (flags & 1) != 0, (flags & 2) != 0};
    entry.layer = static_cast<Layer>(one.at(3).get<std::uint8_t>());
    entry.kind = one.at(4).get<std::uint16_t>();
    const bool sound = static_cast<std::size_t>(entry.layer) < enum_names<Layer>().size() &&
                       (!entry.failed || entry.kind < kinds_.size());
    if (probe == index_of.end() || !sound) continue;
    entry.probe = static_cast<std::uint32_t>(probe->second);
    entries_.push_back(entry);
  }
}

}  // namespace outaged::detect
