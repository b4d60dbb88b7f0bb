#include "detection/scenarios.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/units.hpp"

namespace outaged::bench {
namespace {

using namespace std::chrono_literals;

const WallTime kNoon = *parse_time("2026-03-03T12:00:00Z");
const WallTime kNight = *parse_time("2026-03-04T01:30:00Z");
const WallTime kMonday = *parse_time("2026-03-09T08:00:00Z");

std::vector<ComponentId> of(const std::vector<std::string>& names) {
  std::vector<ComponentId> out;
  for (const auto& name : names) out.push_back(*parse_component(name));
  return out;
}

/// What the world's twelve probes ask.
bool is_probed(const ComponentId& id) {
  return id.platform == "whatsapp" ? id.function != "feed-load" : id.function != "message";
}

Truth finish(Truth truth) {
  std::set<ComponentId> components;
  truth.from = truth.phases.front().from;
  truth.to = truth.phases.front().to;
  for (const Phase& phase : truth.phases) {
    truth.from = std::min(truth.from, phase.from);
    truth.to = std::max(truth.to, phase.to);
    components.insert(phase.components.begin(), phase.components.end());
  }
  if (truth.material == WallTime{}) truth.material = truth.from;
  truth.components = {components.begin(), components.end()};
  return truth;
}

Truth from_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  const auto document = nlohmann::json::parse(file);
  Truth truth;
  truth.name = document.at("id").get<std::string>();
  truth.material = *parse_time(document.at("expected").at("material_from").get<std::string>());
  for (const auto& one : document.at("phases")) {
    Phase phase;
    phase.from = *parse_time(one.at("start").get<std::string>());
    phase.to = *parse_time(one.at("end").get<std::string>());
    for (const auto& platform : one.at("platforms")) {
      for (const auto& function : one.at("functions")) {
        const ComponentId id{platform.get<std::string>(), function.get<std::string>()};
        if (is_probed(id)) phase.components.push_back(id);
      }
    }
    const auto layer = one.at("layer").get<std::string>();
    phase.kind = layer == "partial_content" ? "partial" : layer == "login" ? "auth" : layer;
    phase.share = one.at("failure_ratio").get<double>();
    phase.slowness = one.at("latency_factor").get<double>();
    truth.phases.push_back(std::move(phase));
  }
  return finish(std::move(truth));
}

Truth simple(const std::string& name, const std::vector<std::string>& components, Micros length, double share,
             double slowness = 1, const std::string& kind = "http_5xx") {
  Truth truth;
  truth.name = name;
  truth.phases.push_back({kNoon, kNoon + length, of(components), kind, share, slowness});
  return finish(std::move(truth));
}

/// The same at another time, in a world of strong waves.
Truth in_waves(Truth truth, WallTime from) {
  const Micros later = from - truth.from;
  for (Phase& phase : truth.phases) {
    phase.from += later;
    phase.to += later;
  }
  truth.material = {};
  truth.waves = Waves::strong;
  return finish(std::move(truth));
}

}  // namespace

std::vector<Truth> scenarios(const std::string& directory) {
  const std::vector<std::string> uploads{"facebook/media-upload", "instagram/media-upload", "whatsapp/media-upload"};
  const std::vector<std::string> media{"facebook/media-upload",  "facebook/media-download",
                                       "instagram/media-upload", "instagram/media-download",
                                       "whatsapp/media-upload",  "whatsapp/media-download"};
  std::vector<Truth> out;
  for (const char* name : {"2019-07-03-media-cdn", "2021-10-04-bgp-dns", "2024-03-05-login"}) {
    out.push_back(from_file(directory + "/" + name + ".json"));
  }
  Truth login = simple("log-in of two platforms", {"facebook/login", "instagram/login"}, 20min, 0.6, 1.1, "auth");
  login.phases.push_back({login.to, login.to + 107min, login.components, "auth", 0.97, 1.2});
  login.phases.push_back({login.to + 107min, login.to + 135min, login.components, "auth", 0.3, 1.3});
  out.push_back(finish(std::move(login)));
  out.push_back(simple("a quarter of media fails", media, 2h, 0.27));
  out.push_back(simple("15 % of uploads", uploads, 6h, 0.15));
  out.push_back(simple("15 % of one platform's uploads", {"instagram/media-upload"}, 6h, 0.15));
  out.push_back(simple("one upload in eight", uploads, 6h, 0.125));
  out.push_back(simple("one upload in eight, one platform", {"whatsapp/media-upload"}, 6h, 0.125));
  out.push_back(simple("latency x3, one function", {"facebook/feed-load", "instagram/feed-load"}, 2h, 0, 3));
  out.push_back(simple("latency x3, one component", {"whatsapp/message"}, 2h, 0, 3));
  out.push_back(simple("six minutes, one platform",
                       {"whatsapp/login", "whatsapp/media-download", "whatsapp/media-upload", "whatsapp/message"}, 6min,
                       1, 1, "timeout"));
  out.push_back(simple("six minutes, one component", {"whatsapp/message"}, 6min, 1, 1, "tcp"));
  Truth flapping;
  flapping.name = "flapping for four hours";
  for (WallTime at = kNoon; at < kNoon + 4h; at += 15min) {
    flapping.phases.push_back({at, at + 6min, of(media), "http_5xx", 0.9, 1});
  }
  out.push_back(finish(std::move(flapping)));
  Truth tail = simple("a 5 % tail of half a day", media, 2h, 0.6);
  tail.phases.push_back({kNoon + 2h, kNoon + 14h, of(media), "http_5xx", 0.05, 1});
  out.push_back(finish(std::move(tail)));
  Truth again = simple("an hour's outage that comes back after six minutes", media, 1h, 0.7);
  again.phases.push_back({kNoon + 66min, kNoon + 2h, of(media), "http_5xx", 0.7, 1});
  out.push_back(finish(std::move(again)));
  out.push_back(simple("total, one component, one hour", {"whatsapp/message"}, 1h, 1, 1, "timeout"));
  const std::vector<std::string> feeds{"facebook/feed-load", "instagram/feed-load"};
  out.push_back(simple("x2.5 from now on", feeds, 36h, 0, 2.5));
  out.push_back(in_waves(simple("waves: latency x3 at night", feeds, 2h, 0, 3), kNight));
  out.push_back(in_waves(simple("waves: latency x3 on Monday morning", feeds, 2h, 0, 3), kMonday));
  out.push_back(in_waves(simple("waves: half of media fails from night on", media, 10h, 0.5), kNight));
  return out;
}

Truth surprise(std::uint64_t seed) {
  Random random{seed * 104729 + 5};
  const std::vector<std::string> platforms{"facebook", "instagram", "whatsapp"};
  const std::vector<std::vector<std::string>> tiers{{"media-upload", "media-download"},
                                                    {"media-upload", "media-download", "feed-load"},
                                                    {"login"},
                                                    {"feed-load"},
                                                    {"login", "message", "feed-load"},
                                                    {"message", "media-upload"}};
  const std::vector<std::string> kinds{"http_5xx", "timeout", "dns", "tcp", "tls", "auth", "partial"};
  const bool all_platforms = random.chance(0.6);
  const auto only = random.below(platforms.size());
  const bool everything = random.chance(0.25);
  const auto& functions = tiers[random.below(tiers.size())];
  std::vector<ComponentId> components;
  for (std::size_t i = 0; i < platforms.size(); ++i) {
    if (!all_platforms && i != only) continue;
    for (const std::string function : {"feed-load", "login", "media-download", "media-upload", "message"}) {
      if (!everything && std::ranges::find(functions, function) == functions.end()) continue;
      const ComponentId id{platforms[i], function};
      if (is_probed(id)) components.push_back(id);
    }
  }
  if (components.empty()) components = of({"whatsapp/message"});
  Truth truth;
  truth.name = "incidents nobody tuned for";
  WallTime at = kNoon;
  const auto phases = 1 + random.below(3);
  for (std::uint64_t i = 0; i < phases; ++i) {
    const auto length = Micros{static_cast<Micros::rep>(random.uniform(15, 120) * 60e6)};
    truth.phases.push_back(
        {at, at + length, components, kinds[random.below(kinds.size())], random.uniform(0.2, 1), random.uniform(1, 2)});
    at += length;
  }
  return finish(std::move(truth));
}

}  // namespace outaged::bench
