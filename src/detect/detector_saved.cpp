// The detector's memory as JSON: what is kept over a restart.
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "detect/detector_state.hpp"

namespace outaged::detect {
namespace {

constexpr int kVersion = 1;

nlohmann::json save_observation(const Observation& one, const std::vector<ProbeId>& names) {
  return {names[one.probe].name,
          one.began.count(),
          one.known.count(),
          one.at.time_since_epoch().count(),
          one.failed,
          one.slow,
          static_cast<int>(one.layer),
          one.kind,
          one.detail};
}

Observation load_observation(const nlohmann::json& saved, std::size_t probe) {
  const auto micros = [&saved](std::size_t i) { return Micros{saved.at(i).get<Micros::rep>()}; };
  Observation one;
  one.probe = probe;
  one.began = micros(1);
  one.known = micros(2);
  one.at = WallTime{micros(3)};
  one.failed = saved.at(4).get<bool>();
  one.slow = saved.at(5).get<bool>();
  const auto layer = saved.at(6).get<std::uint8_t>();
  if (layer >= enum_names<Layer>().size()) throw std::invalid_argument("an unknown layer in the saved state");
  one.layer = static_cast<Layer>(layer);
  one.kind = saved.at(7).get<std::string>();
  one.detail = saved.at(8).get<std::string>();
  return one;
}

}  // namespace

nlohmann::json Detector::State::save() const {
  nlohmann::json out = {{"version", kVersion},
                        {"time", {time_.started(), time_.now().count(), time_.wall().time_since_epoch().count()}},
                        {"site", site_.save()},
                        {"plan", plan_.save()},
                        {"grace", grace_until_.count()}};
  auto& probes = out["probes"] = nlohmann::json::object();
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    const Watched& one = watched_[i];
    probes[names_[i].name] = {one.proven, one.failed, one.known.count(), one.problem.save(), plan_.save(i)};
  }
  auto& components = out["components"] = nlohmann::json::object();
  for (const Judged& one : judged_) {
    auto waiting = nlohmann::json::array();
    for (const Observation& observation : one.waiting) waiting.push_back(save_observation(observation, names_));
    components[to_string(one.component.id())] = {one.component.save(names_), std::move(waiting)};
  }
  return out;
}

void Detector::State::load(const nlohmann::json& saved) {
  if (saved.at("version").get<int>() != kVersion) throw std::invalid_argument("saved by another version");
  const auto micros = [](const nlohmann::json& value) { return Micros{value.get<Micros::rep>()}; };
  const auto& time = saved.at("time");
  if (time.at(0).get<bool>()) time_ = Timeline{micros(time.at(1)), WallTime{micros(time.at(2))}};
  site_.load(saved.at("site"));
  plan_.load(saved.at("plan"));
  grace_until_ = micros(saved.at("grace"));
  std::map<std::string, std::size_t> index_of;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    index_of.emplace(names_[i].name, i);
    const auto found = saved.at("probes").find(names_[i].name);
    if (found == saved.at("probes").end()) continue;
    Watched& one = watched_[i];
    one.proven = found->at(0).get<bool>();
    one.failed = found->at(1).get<bool>();
    one.known = micros(found->at(2));
    one.problem.load(found->at(3));
    plan_.load(i, found->at(4));
  }
  for (std::size_t i = 0; i < judged_.size(); ++i) {
    Judged& one = judged_[i];
    const auto found = saved.at("components").find(to_string(one.component.id()));
    if (found == saved.at("components").end()) continue;
    one.component.load(found->at(0), index_of);
    for (const auto& waiting : found->at(1)) {
      const auto probe = index_of.find(waiting.at(0).get<std::string>());
      if (probe != index_of.end()) one.waiting.push_back(load_observation(waiting, probe->second));
    }
    // The control probes may be others now than when this was saved.
    if (site_.online() && one.component.obscured()) one.component.reveal(context(OwnNetwork::fine));
    if (!one.waiting.empty() || one.component.course() == Belief::Course::recovering) busy_.insert(i);
  }
}

}  // namespace outaged::detect
