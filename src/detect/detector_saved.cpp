// The detector's memory as JSON: what is kept over a restart.
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/json/write.hpp"
#include "detect/detector_state.hpp"

namespace outaged::detect {
namespace {

constexpr int kVersion = 6;

}  // namespace

nlohmann::json Detector::State::save_probe(std::size_t index) const {
  const Watched& one = watched_[index];
  return {one.proven,
          one.problem.save(),
          plan_.save(index),
          one.witness.save(),
          one.baseline.save(),
          one.refused ? nlohmann::json{one.refused->first.count(), one.refused->second.count()} : nlohmann::json{},
          one.last_well.time_since_epoch().count(),
          one.answer ? nlohmann::json{one.answer->first.count(), one.answer->second} : nlohmann::json{}};
}

std::string Detector::State::save() const {
  nlohmann::json out = {{"version", kVersion},
                        {"time", {time_.started(), time_.now().count(), time_.wall().time_since_epoch().count()}},
                        {"site", site_.save()},
                        {"plan", plan_.save()},
                        {"layers", layers_.save()},
                        {"grace", grace_until_.count()}};
  auto& components = out["components"] = nlohmann::json::object();
  for (const Judged& one : judged_) components[to_string(one.component.id())] = one.component.save(names_);
  auto& pools = out["pools"] = nlohmann::json::object();
  for (const Pool& pool : pools_) pools[pool.name] = pool.test.save();
  auto& owners = out["owners"] = nlohmann::json::object();
  for (const Owner& owner : owners_) {
    owners[owner.name] = {owner.last_bad.count(), owner.away.count(), owner.began.count(), owner.health.save()};
  }
  auto& crossed = out["crossed"] = nlohmann::json::object();
  for (const auto& [test, since] : crossed_) crossed[name_of(test)] = since.count();
  // The probes are written one by one: a tree of all of them would be several times the text, and the peak of the
  // daemon's memory, once a minute.
  auto text = json::written(out);
  text.back() = ',';
  text += R"("probes":{)";
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (i > 0) text += ',';
    text += json::written(names_[i].name) + ':' + json::written(save_probe(i));
  }
  return text + "}}";
}

std::string Detector::State::name_of(std::size_t test) const {
  return test < judged_.size() ? to_string(judged_[test].component.id()) : pools_[test - judged_.size()].name;
}

void Detector::State::load(const nlohmann::json& saved) {
  if (saved.at("version").get<int>() != kVersion) throw std::invalid_argument("saved by another version");
  const auto micros = [](const nlohmann::json& value) { return Micros{value.get<Micros::rep>()}; };
  const auto& time = saved.at("time");
  if (time.at(0).get<bool>()) time_ = Timeline{micros(time.at(1)), WallTime{micros(time.at(2))}};
  site_.load(saved.at("site"));
  plan_.load(saved.at("plan"));
  if (const auto layers = saved.find("layers"); layers != saved.end()) layers_.load(*layers);
  grace_until_ = micros(saved.at("grace"));
  std::map<std::string, std::size_t> index_of;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    index_of.emplace(names_[i].name, i);
    const auto found = saved.at("probes").find(names_[i].name);
    if (found == saved.at("probes").end()) continue;
    Watched& one = watched_[i];
    one.proven = found->at(0).get<bool>();
    one.problem.load(found->at(1));
    plan_.load(i, found->at(2));
    one.witness.load(found->at(3));
    one.baseline.load(found->at(4));
    if (const auto& refused = found->at(5); !refused.is_null()) {
      one.refused = {micros(refused.at(0)), micros(refused.at(1))};
    }
    one.last_well = WallTime{micros(found->at(6))};
    if (const auto& answer = found->at(7); !answer.is_null())
      one.answer = {micros(answer.at(0)), answer.at(1).get<double>()};
  }
  const auto each = [&saved](const char* section, const std::string& name, const auto& take) {
    const auto found = saved.at(section).find(name);
    if (found != saved.at(section).end()) take(*found);
  };
  for (Judged& one : judged_) {
    each("components", to_string(one.component.id()),
         [&](const nlohmann::json& value) { one.component.load(value, index_of); });
    // The control probes may be others now than when this was saved.
    if (site_.online() && one.component.obscured()) one.component.reveal(context(OwnNetwork::fine));
  }
  for (Pool& pool : pools_) each("pools", pool.name, [&](const nlohmann::json& value) { pool.test.load(value); });
  for (Owner& owner : owners_) {
    each("owners", owner.name, [&](const nlohmann::json& value) {
      owner.last_bad = micros(value.at(0));
      owner.away = micros(value.at(1));
      owner.began = micros(value.at(2));
      owner.health.load(value.at(3));
    });
    // Owners may be others now than when this was saved.
    if (has_outage(owner) && owner.last_bad == Micros::min()) owner.last_bad = time_.now();
  }
  for (std::size_t test = 0; test < judged_.size() + pools_.size(); ++test) {
    each("crossed", name_of(test), [&](const nlohmann::json& value) { crossed_.emplace(test, micros(value)); });
  }
}

}  // namespace outaged::detect
