#include "detection/world.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace outaged::bench {
namespace {

using namespace std::chrono_literals;

constexpr double kMonth = 30.0 * 24 * 3600;
constexpr int kToken = 0, kQuota = 1, kBlocked = 2;

Micros seconds(double value) {
  return Micros{static_cast<Micros::rep>(value * 1e6)};
}
double as_seconds(Micros value) {
  return static_cast<double>(value.count()) / 1e6;
}

struct Named {
  std::string_view kind;
  Layer layer;
};
constexpr std::array kLayers{Named{"dns", Layer::dns},        Named{"tcp", Layer::tcp},
                             Named{"tls", Layer::tls},        Named{"http_5xx", Layer::http},
                             Named{"auth", Layer::api},       Named{"partial", Layer::content},
                             Named{"timeout", Layer::timeout}};

}  // namespace

World::World(WorldSettings settings, std::optional<Truth> truth, std::uint64_t seed)
    : settings_(std::move(settings)), truth_(std::move(truth)), random_(seed * 7919 + 17) {
  make_targets();
  make_noise();
}

double World::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - random_.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random_.uniform());
}

WallTime World::somewhen() {
  return settings_.from + seconds(random_.uniform() * as_seconds(settings_.to - settings_.from));
}

std::vector<WallTime> World::arrivals(double per_month) {
  std::vector<WallTime> out;
  const double rate = per_month / kMonth;
  for (WallTime at = settings_.from;;) {
    at += seconds(-std::log(1 - random_.uniform()) / rate);
    if (at >= settings_.to) return out;
    out.push_back(at);
  }
}

void World::make_targets() {
  constexpr std::array<std::pair<const char*, const char*>, 12> kComponents{
      {{"facebook", "feed-load"}, {"facebook", "login"}, {"facebook", "media-download"}, {"facebook", "media-upload"},
       {"instagram", "feed-load"}, {"instagram", "login"}, {"instagram", "media-download"},
       {"instagram", "media-upload"}, {"whatsapp", "login"}, {"whatsapp", "media-download"},
       {"whatsapp", "media-upload"}, {"whatsapp", "message"}}};
  for (const auto& [platform, function] : kComponents) {
    const std::string name = std::string{platform} + "-" + function;
    infos_.push_back({ProbeId{name}, {platform, function}, settings_.interval, Tier::open, name});
  }
  for (int i = 0; i < settings_.controls; ++i) {
    const std::string name = "control-" + std::to_string(i);
    infos_.push_back({ProbeId{name}, {"control", "web"}, settings_.interval, Tier::open, name});
  }
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    Target target;
    target.failing = std::exp(random_.uniform(std::log(0.001), std::log(0.01)));
    target.latency = std::exp(random_.uniform(std::log(60.0), std::log(1200.0)));
    target.sigma = random_.uniform(0.18, 0.4);
    target.tail = random_.uniform(0.003, 0.02);
    target.wave = random_.uniform(0.05, 0.25);
    target.phase = random_.uniform(0, 2 * std::numbers::pi);
    target.weekly = random_.uniform(0.02, 0.08);
    target.leaning = 0.6 * normal();
    targets_.push_back(std::move(target));
    due_.push({settings_.from + seconds(random_.uniform() * as_seconds(settings_.interval)), i});
  }
}

void World::make_noise() {
  if (!settings_.noise) return;
  for (std::size_t i = 0; i < 12; ++i) {
    for (const WallTime at : arrivals(2))
      targets_[i].blips.push_back({at, at + seconds(40 * std::exp(0.9 * normal())), 0.95, 0, {}});
  }
  for (const WallTime at : arrivals(3)) {
    const double length = std::clamp(90 * std::exp(1.4 * normal()), 5.0, 7200.0);
    losses_.push_back({at, at + seconds(length), random_.chance(0.5) ? 1.0 : random_.uniform(0.3, 0.9), 0, {}});
  }
  const auto of_platform = [this](std::size_t platform) {
    static constexpr std::array<std::string_view, 3> kPlatforms{"facebook", "instagram", "whatsapp"};
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < 12; ++i) {
      if (infos_[i].component.platform == kPlatforms.at(platform)) out.push_back(i);
    }
    return out;
  };
  for (const WallTime at : arrivals(1))
    problems_.push_back({at, at + seconds(random_.uniform(3600, 30000)), 1, kToken, of_platform(random_.below(3))});
  for (const WallTime at : arrivals(2))
    problems_.push_back({at, at + seconds(random_.uniform(300, 2400)), 0.8, kQuota, of_platform(random_.below(3))});
  for (const WallTime at : arrivals(1))
    problems_.push_back({at, at + seconds(random_.uniform(600, 7200)), 0.9, kBlocked, {random_.below(12)}});
  for (const WallTime at : arrivals(1)) gaps_.push_back({at, at + seconds(random_.uniform(300, 3600)), 1, 0, {}});
}

const World::Span* World::inside(const std::vector<Span>& spans, std::size_t probe, WallTime at) const {
  for (const Span& span : spans) {
    if (at < span.from || at >= span.to) continue;
    if (span.probes.empty() || std::ranges::find(span.probes, probe) != span.probes.end()) return &span;
  }
  return nullptr;
}

double World::latency(Target& target, WallTime at) {
  const double day = as_seconds(at.time_since_epoch()) / 86400;
  if (const auto today = static_cast<std::int64_t>(day); today != target.day) {
    target.day = today;
    target.drift = target.drift * 0.95 + 0.03 * normal();
    if (random_.chance(1.0 / 60)) target.drift += random_.uniform(-0.2, 0.3);  // a step
  }
  double value = target.latency * std::exp(target.sigma * normal() + target.drift);
  value *= 1 + target.wave * std::sin(2 * std::numbers::pi * day + target.phase);
  value *= 1 + target.weekly * std::sin(2 * std::numbers::pi * day / 7);
  if (random_.chance(target.tail)) value *= 2 * std::pow(1 - random_.uniform(), -1 / 1.5);
  return value;
}

std::string World::noise_kind() {
  const double draw = random_.uniform();
  if (draw < 0.45) return "timeout";
  if (draw < 0.75) return "http_5xx";
  return draw < 0.9 ? "tcp" : draw < 0.95 ? "tls" : "dns";
}

void World::fail(Result& result, const std::string& kind) {
  const auto layer = std::ranges::find(kLayers, std::string_view{kind}, &Named::kind);
  result.result_class = ResultClass::platform_failure;
  result.failure = Failure{layer->layer, std::nullopt, kind, kind};
  if (layer->layer == Layer::timeout) result.took = 10s;
}

Result World::answer(std::size_t probe, WallTime at) {
  Target& target = targets_[probe];
  Result result;
  result.probe = infos_[probe].id;
  result.component = infos_[probe].component;
  result.at = std::chrono::floor<std::chrono::milliseconds>(at);
  double slowness = 1;
  std::optional<std::string> failure;
  if (truth_ && probe < 12) {
    for (const Phase& phase : truth_->phases) {
      if (at < phase.from || at >= phase.to) continue;
      if (std::ranges::find(phase.components, result.component) == phase.components.end()) continue;
      if (at >= target.lucky_until) {
        target.lucky_until = at + seconds(std::exp(random_.uniform(std::log(15.0), std::log(300.0))));
        target.luck = random_.uniform();
      }
      slowness *= phase.slowness;
      const double share =
          phase.share >= 1 || phase.share <= 0
              ? phase.share
              : 1 / (1 + std::exp(-(std::log(phase.share / (1 - phase.share)) + target.leaning)));
      if (target.luck < share) failure = phase.kind;
    }
  }
  const double took = latency(target, at) * slowness;
  result.took = seconds(std::min(took, 10000.0) / 1000);
  const bool strays = random_.chance(target.failing);
  if (const Span* loss = inside(losses_, probe, at); loss != nullptr && random_.chance(loss->share)) {
    const double draw = random_.uniform();
    fail(result, draw < 0.6 ? "timeout" : draw < 0.9 ? "dns" : "tcp");
  } else if (const Span* problem = inside(problems_, probe, at); problem != nullptr && random_.chance(problem->share)) {
    const std::array<const char*, 3> words{"token_expired", "rate_limited", "captcha"};
    result.result_class = problem->kind == kBlocked ? ResultClass::blocked : ResultClass::our_fault;
    result.failure = Failure{Layer::api, std::nullopt, words.at(static_cast<std::size_t>(problem->kind)), "no"};
  } else if (failure) {
    fail(result, *failure);
  } else if (const Span* blip = inside(target.blips, probe, at); blip != nullptr && random_.chance(blip->share)) {
    fail(result, blip->from.time_since_epoch().count() % 2 == 0 ? "timeout" : "http_5xx");
  } else if (strays || took >= 10000) {
    fail(result, took >= 10000 ? "timeout" : noise_kind());
  }
  return result;
}

std::optional<Result> World::next() {
  for (;;) {
    const Due due = due_.top();
    if (due.at >= settings_.to) return std::nullopt;
    due_.pop();
    due_.push({due.at + settings_.interval, due.probe});
    if (inside(gaps_, due.probe, due.at) != nullptr) continue;
    return answer(due.probe, due.at);
  }
}

}  // namespace outaged::bench
