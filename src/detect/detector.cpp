#include "detect/detector.hpp"

#include <exception>

#include <nlohmann/json.hpp>

#include "detect/detector_state.hpp"

namespace outaged::detect {

Detector::Detector(Settings settings, const std::vector<ProbeInfo>& probes)
    : state_(std::make_unique<State>(settings, probes)) {}
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;
Detector::~Detector() = default;

Decisions Detector::observe(const Result& result) {
  return state_->observe(result);
}
Decisions Detector::advance(WallTime now) {
  return state_->advance(now);
}
Decisions Detector::left_alone(const std::vector<LeftAlone>& all, WallTime now) {
  return state_->left_alone(all, now);
}
std::optional<WallTime> Detector::next_deadline() const {
  return state_->next_deadline();
}
std::string Detector::save() const {
  return state_->save();
}

Expected<bool, std::string> Detector::load(std::string_view saved) {
  try {
    auto state = std::make_unique<State>(state_->settings(), state_->probes());
    state->load(nlohmann::json::parse(saved));
    state_ = std::move(state);
    return true;
  } catch (const std::exception& fault) {
    return Unexpected{std::string{"the saved detector state cannot be used: "} + fault.what()};
  }
}

void Detector::assume_failing(const ComponentId& component, ComponentState state, WallTime onset) {
  state_->assume_failing(component, state, onset);
}
std::vector<Belief> Detector::beliefs() const {
  return state_->beliefs();
}
SiteFinding Detector::site() const {
  return state_->site();
}
std::vector<ProbeProblem> Detector::problems() const {
  return state_->problems();
}

}  // namespace outaged::detect
