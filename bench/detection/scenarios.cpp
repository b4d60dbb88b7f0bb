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

std::vector<ComponentId> of(const std::vector<std::string>& names) {
  std::vector<ComponentId> out;
  for (const auto& name : names) out.push_back(*parse_component(name));
  return out;
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
        // What nobody probes is not in the stream.
        if ((id.platform == "whatsapp") ? id.function == "feed-load" : id.function == "message") continue;
        phase.components.push_back(id);
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

}  // namespace

std::vector<Truth> scenarios(const std::string& directory) {
  const std::vector<std::string> uploads{"facebook/media-upload", "instagram/media-upload", "whatsapp/media-upload"};
  const std::vector<std::string> media{"facebook/media-upload", "facebook/media-download", "instagram/media-upload",
                                       "instagram/media-download", "whatsapp/media-upload", "whatsapp/media-download"};
  std::vector<Truth> out;
  for (const char* name : {"2019-07-03-media-cdn", "2021-10-04-bgp-dns", "2024-03-05-login"})
    out.push_back(from_file(directory + "/" + name + ".json"));
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
  for (WallTime at = kNoon; at < kNoon + 4h; at += 15min)
    flapping.phases.push_back({at, at + 6min, of(media), "http_5xx", 0.9, 1});
  out.push_back(finish(std::move(flapping)));
  Truth tail = simple("a 5 % tail of half a day", media, 2h, 0.6);
  tail.phases.push_back({kNoon + 2h, kNoon + 14h, of(media), "http_5xx", 0.05, 1});
  out.push_back(finish(std::move(tail)));
  return out;
}

}  // namespace outaged::bench
