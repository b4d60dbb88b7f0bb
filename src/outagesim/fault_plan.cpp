#include "outagesim/fault_plan.hpp"

#include <algorithm>
#include <utility>

namespace outaged::sim {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool overlaps(const std::vector<std::string>& list, const std::vector<std::string_view>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return contains(list, word); });
}

/// Platforms named, or none named and this is not a control host.
bool means_platform(const Fault& fault, std::string_view platform) {
  return fault.platforms.empty() ? platform != kControl && platform != kVendor : contains(fault.platforms, platform);
}

enum class Cover { none, part, whole };

Cover cover_of(const Fault& fault, const Host& host) {
  if (!means_platform(fault, host.platform)) return Cover::none;
  if (fault.functions.empty()) return Cover::whole;
  auto functions = host.functions;
  if (functions.size() > 1) std::erase(functions, "web");
  const auto hit = static_cast<std::size_t>(
      std::ranges::count_if(functions, [&](std::string_view f) { return contains(fault.functions, f); }));
  if (hit == functions.size()) return Cover::whole;
  return hit > 0 ? Cover::part : Cover::none;
}

bool below_http(FaultLayer layer) {
  return layer == FaultLayer::dns || layer == FaultLayer::tcp || layer == FaultLayer::tls;
}

/// FNV-1a, so that a stream's seed does not depend on the standard library.
std::uint64_t fold(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace

bool is_over(const Fault& fault, std::optional<AddressFamily> family) {
  return !fault.family || fault.family == family;
}

bool covers_host(const Fault& fault, const Host& host, std::string_view name) {
  if (!fault.hosts.empty()) return contains(fault.hosts, name);
  const Cover cover = cover_of(fault, host);
  if (cover != Cover::part) return cover == Cover::whole;
  return std::ranges::none_of(hosts(), [&](const Host& other) { return cover_of(fault, other) == Cover::whole; });
}

bool covers(const Fault& fault, const Endpoint& endpoint) {
  if (!is_over(fault, endpoint.family)) return false;
  if (!fault.hosts.empty() && !contains(fault.hosts, endpoint.host)) return false;
  const bool platform =
      std::ranges::any_of(endpoint.platforms, [&](std::string_view name) { return means_platform(fault, name); });
  if (!platform && (fault.hosts.empty() || !fault.platforms.empty())) return false;
  const bool bytes = endpoint.kind == Endpoint::Kind::bytes;
  if (fault.layer == FaultLayer::auth && !endpoint.session) return false;
  if (fault.layer == FaultLayer::api && (bytes || endpoint.kind == Endpoint::Kind::page)) return false;
  if (fault.functions.empty()) return true;
  if (fault.layer == FaultLayer::partial_content && bytes && contains(fault.functions, "feed-load")) return true;
  if (!overlaps(fault.functions, endpoint.functions)) return false;
  if (endpoint.kind == Endpoint::Kind::lookup)
    return fault.layer == FaultLayer::api || fault.layer == FaultLayer::auth || fault.layer == FaultLayer::blocked;
  // A feed with missing content is one whose pictures fail; its JSON is whole.
  const bool only_feed = endpoint.functions == std::vector<std::string_view>{"feed-load"};
  return fault.layer != FaultLayer::partial_content || bytes || !only_feed;
}

void FaultPlan::set(std::vector<Fault> faults) {
  faults_.clear();
  for (auto& fault : faults) add(std::move(fault));
}

std::int64_t FaultPlan::add(Fault fault) {
  fault.id = ++last_id_;
  faults_.push_back(std::move(fault));
  return last_id_;
}

bool FaultPlan::remove(std::int64_t id) {
  return std::erase_if(faults_, [id](const Fault& fault) { return fault.id == id; }) > 0;
}

std::optional<Strike> FaultPlan::strike_host(const Host& host, std::string_view name, FaultLayer layer,
                                             std::optional<AddressFamily> family) {
  for (const auto& fault : faults_) {
    if (fault.layer != layer || !is_over(fault, family) || !covers_host(fault, host, name)) continue;
    if (auto strike = draw(fault, std::string(name))) return strike;
  }
  return std::nullopt;
}

std::optional<Strike> FaultPlan::strike(const Endpoint& endpoint) {
  std::string component;
  for (const auto part : endpoint.platforms) component += std::string(part) + ",";
  for (const auto part : endpoint.functions) component += std::string(part) + ",";
  for (const auto& fault : faults_) {
    if (fault.layer == FaultLayer::dns || !covers(fault, endpoint)) continue;
    if (below_http(fault.layer)) {
      const Host* host = find_host(endpoint.host);
      // What takes the whole host has been decided when the connection came.
      if (host == nullptr || !fault.hosts.empty() || covers_host(fault, *host, endpoint.host)) continue;
    }
    if (auto strike = draw(fault, component)) return strike;
  }
  return std::nullopt;
}

FaultPlan::Pace FaultPlan::pace(const Endpoint& endpoint) const {
  Pace pace;
  for (const auto& fault : faults_) {
    if (!covers(fault, endpoint)) continue;
    pace.factor = std::max(pace.factor, fault.latency_factor);
    // "slow" slows the share that it strikes; any other layer's latency is on everything that it covers.
    if (fault.layer != FaultLayer::slow) pace.added = std::max(pace.added, fault.latency);
  }
  return pace;
}

std::optional<Strike> FaultPlan::draw(const Fault& fault, const std::string& component) {
  std::string key = std::string(to_string(fault.layer)) + "|" + fault.shape + "|" + component;
  for (const auto& name : fault.platforms) key += "|" + name;
  auto found = streams_.find(key);
  if (found == streams_.end()) found = streams_.emplace(key, Random(fold(seed_, key))).first;
  Random& random = found->second;
  // Three numbers each time, struck or not, so that a changed share does not shift the stream.
  const double chance = random.uniform();
  const double shape = random.uniform();
  const double fraction = random.uniform();
  if (chance >= fault.share) return std::nullopt;
  Strike strike{fault, fault.shape, fraction};
  if (strike.shape.empty()) strike.shape = shapes_of(fault.layer).front();
  if (strike.shape == "mix") {
    // What observers saw on 3 July 2019 at the media hosts: gateway errors and connections that lead nowhere.
    strike.shape = shape < 0.45 ? "503" : shape < 0.75 ? "502" : shape < 0.9 ? "stall" : "timeout";
  }
  return strike;
}

}  // namespace outaged::sim
