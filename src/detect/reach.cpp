#include "detect/reach.hpp"

#include <algorithm>

namespace outaged::detect {
namespace {

Reach end_of(const Failure& failure) {
  switch (failure.layer) {
    case Layer::dns: return Reach::dns;
    case Layer::tcp: return Reach::tcp;
    case Layer::tls: return Reach::tls;
    case Layer::timeout:
      if (failure.phase == Phase::dns) return Reach::dns;
      if (failure.phase == Phase::connect) return Reach::tcp;
      if (failure.phase == Phase::tls) return Reach::tls;
      return Reach::http;
    case Layer::http:
    case Layer::api:
    case Layer::content:
    case Layer::local: return Reach::http;
  }
  return Reach::http;
}

Reach reach_of(StepKind kind) {
  switch (kind) {
    case StepKind::dns: return Reach::dns;
    case StepKind::tcp: return Reach::tcp;
    case StepKind::tls: return Reach::tls;
    case StepKind::http: return Reach::http;
  }
  return Reach::http;
}

}  // namespace

Reach reach_of(const Result& result) {
  if (result.result_class == ResultClass::platform_failure && result.failure) return end_of(*result.failure);
  if (result.steps.empty()) return Reach::http;
  Reach farthest = Reach::gateway;
  for (const StepResult& step : result.steps) farthest = std::max(farthest, reach_of(step.kind));
  return farthest;
}

}  // namespace outaged::detect
