// Saving and loading of a component: arrays in a fixed order, since this is written with every finding.
#include <nlohmann/json.hpp>

#include "detect/component.hpp"

namespace outaged::detect {
namespace {

using Json = nlohmann::json;

Json count_of(WallTime time) {
  return time.time_since_epoch().count();
}
WallTime time_of(const Json& value) {
  return WallTime{Micros{value.get<Micros::rep>()}};
}
template <NamedEnum E>
E enum_of(const Json& value) {
  const auto found = parse_enum<E>(value.get<std::string>());
  if (!found) throw std::invalid_argument("an unknown word in the saved state: " + value.get<std::string>());
  return *found;
}
template <NamedEnum E>
Json name_of(const std::optional<E>& value) {
  return value ? Json(std::string{to_string(*value)}) : Json();
}

}  // namespace

Json Component::save(const std::vector<ProbeId>& names) const {
  auto told = Json::array();
  for (const auto& [layer, count] : told_) told.push_back({static_cast<int>(layer), count});
  return {{"course", static_cast<int>(course_)},
          {"state", std::string{to_string(state_)}},
          {"flags", {obscured_, fails_, quiet_seen_, relapses_}},
          {"since", count_of(since_)},
          {"failures", failures_.save()},
          {"slowness", slowness_.save()},
          {"exit", exit_.save()},
          {"onset", {onset_.own.count(), count_of(onset_.wall)}},
          {"last_failure", last_failure_ ? count_of(*last_failure_) : Json()},
          {"last_failed", {last_failed_.count(), last_bad_.count()}},
          {"layer", name_of(layer_)},
          {"told", std::move(told)},
          {"next_state", {name_of(next_state_.value), next_state_.since.count()}},
          {"next_layer", {name_of(next_layer_.value), next_layer_.since.count()}},
          {"share", {told_share_, other_share_.value ? Json(other_share_.since.count()) : Json()}},
          {"window", window_.save(names)}};
}

void Component::load(const Json& saved, const std::map<std::string, std::size_t>& index_of) {
  const auto micros = [](const Json& value) { return Micros{value.get<Micros::rep>()}; };
  const auto course = saved.at("course").get<int>();
  if (course < 0 || course > 2) throw std::invalid_argument("an unknown course in the saved state");
  course_ = static_cast<Belief::Course>(course);
  state_ = enum_of<ComponentState>(saved.at("state"));
  obscured_ = saved.at("flags").at(0).get<bool>();
  fails_ = saved.at("flags").at(1).get<bool>();
  quiet_seen_ = saved.at("flags").at(2).get<bool>();
  relapses_ = std::max(0, saved.at("flags").at(3).get<int>());
  since_ = time_of(saved.at("since"));
  failures_.load(saved.at("failures"));
  slowness_.load(saved.at("slowness"));
  exit_.load(saved.at("exit"));
  onset_ = {micros(saved.at("onset").at(0)), time_of(saved.at("onset").at(1))};
  if (!saved.at("last_failure").is_null()) last_failure_ = time_of(saved.at("last_failure"));
  last_failed_ = micros(saved.at("last_failed").at(0));
  last_bad_ = micros(saved.at("last_failed").at(1));
  if (!saved.at("layer").is_null()) layer_ = enum_of<Layer>(saved.at("layer"));
  told_.clear();
  for (const auto& one : saved.at("told")) {
    const auto number = one.at(0).get<std::size_t>();
    if (number < enum_names<Layer>().size()) told_[static_cast<Layer>(number)] = one.at(1).get<int>();
  }
  const auto& state = saved.at("next_state");
  if (!state.at(0).is_null()) next_state_.value = enum_of<ComponentState>(state.at(0));
  next_state_.since = micros(state.at(1));
  const auto& layer = saved.at("next_layer");
  if (!layer.at(0).is_null()) next_layer_.value = enum_of<Layer>(layer.at(0));
  next_layer_.since = micros(layer.at(1));
  const auto& share = saved.at("share");
  told_share_ = share.at(0).get<double>();
  if (!share.at(1).is_null()) other_share_ = {true, micros(share.at(1))};
  window_.load(saved.at("window"), index_of);
}

}  // namespace outaged::detect
