#include "detect/depth.hpp"

#include <algorithm>

namespace outaged::detect {
namespace {

Depth end_of(const Failure& failure) {
  switch (failure.layer) {
    case Layer::dns: return Depth::dns;
    case Layer::tcp: return Depth::tcp;
    case Layer::tls: return Depth::tls;
    case Layer::timeout:
      if (failure.phase == Phase::dns) return Depth::dns;
      if (failure.phase == Phase::connect) return Depth::tcp;
      if (failure.phase == Phase::tls) return Depth::tls;
      return Depth::http;
    case Layer::http:
    case Layer::api:
    case Layer::content:
    case Layer::local: return Depth::http;
  }
  return Depth::http;
}

Depth depth_of(StepKind kind) {
  switch (kind) {
    case StepKind::dns: return Depth::dns;
    case StepKind::tcp: return Depth::tcp;
    case StepKind::tls: return Depth::tls;
    case StepKind::http: return Depth::http;
  }
  return Depth::http;
}

}  // namespace

Depth depth_of(const Result& result, const ComponentId& component) {
  if (result.result_class == ResultClass::platform_failure && result.failure) return end_of(*result.failure);
  if (component == kGateway) return Depth::gateway;
  if (result.steps.empty()) return component.function == "dns" ? Depth::dns : Depth::http;
  Depth deepest = Depth::gateway;
  for (const StepResult& step : result.steps) deepest = std::max(deepest, depth_of(step.kind));
  return deepest;
}

}  // namespace outaged::detect
