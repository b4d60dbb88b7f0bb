#include "detection/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace outaged::bench {
namespace {

using namespace std::chrono_literals;

constexpr double kMonth = 30.0 * 24 * 3600;
constexpr int kToken = 0, kQuota = 1, kBlocked = 2;
constexpr std::array<std::string_view, 3> kPlatforms{"facebook", "instagram", "whatsapp"};
constexpr double kLongest = 10000;  ///< a probe's time-out, in milliseconds

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

/// From 0 before `from` to 1 after `to`, smoothly.
double ramp(double x, double from, double to) {
  const double part = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return part * part * (3 - 2 * part);
}

/// Times as long as on a working day at noon; `day`: since the epoch, which was a Thursday.
double strong_wave(double day) {
  const double hour = (day - std::floor(day)) * 24;
  const auto weekday = (static_cast<std::int64_t>(std::floor(day)) + 3) % 7;  // 0: Monday
  const double awake = ramp(hour, 5, 9) - ramp(hour, 21, 24);
  double out = std::pow(3, awake - 1);
  if (weekday >= 5) out *= std::pow(0.7, awake);
  if (weekday == 0) out *= std::pow(1.8, ramp(hour, 7.5, 8.5) - ramp(hour, 10, 11));
  return out;
}

}  // namespace

World::World(WorldSettings settings, const Truth* truth, std::uint64_t seed)
    : settings_(settings), truth_(truth), random_(seed * 7919 + 17), weakness_(seed) {
  make_targets();
  if (!settings_.noise) return;
  make_noise();
  make_problems();
  make_maintenance(seed);
  make_jams(seed);
}

double World::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - random_.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random_.uniform());
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
  constexpr std::array<std::pair<const char*, const char*>, kTargets> kComponents{{{"facebook", "feed-load"},
                                                                                   {"facebook", "login"},
                                                                                   {"facebook", "media-download"},
                                                                                   {"facebook", "media-upload"},
                                                                                   {"instagram", "feed-load"},
                                                                                   {"instagram", "login"},
                                                                                   {"instagram", "media-download"},
                                                                                   {"instagram", "media-upload"},
                                                                                   {"whatsapp", "login"},
                                                                                   {"whatsapp", "media-download"},
                                                                                   {"whatsapp", "media-upload"},
                                                                                   {"whatsapp", "message"}}};
  for (const auto& [platform, function] : kComponents) {
    const std::string name = std::string{platform} + "-" + function;
    probes_.push_back({ProbeId{name}, {platform, function}, settings_.interval, Tier::open, name});
  }
  for (int i = 0; i < settings_.controls; ++i) {
    const std::string name = "control-" + std::to_string(i);
    probes_.push_back({ProbeId{name}, {"control", "web"}, settings_.interval, Tier::open, name});
  }
  for (std::size_t i = 0; i < probes_.size(); ++i) {
    Target target;
    target.failing = std::exp(random_.uniform(std::log(0.001), std::log(0.01)));
    target.latency = std::exp(random_.uniform(std::log(60.0), std::log(1200.0)));
    target.sigma = random_.uniform(0.18, 0.4);
    target.tail = random_.uniform(0.003, 0.02);
    target.wave = random_.uniform(0.05, 0.25);
    target.wave_phase = random_.uniform(0, 2 * std::numbers::pi);
    target.weekly = random_.uniform(0.02, 0.08);
    target.strong = settings_.waves == Waves::strong && i < kTargets;
    target.leaning = 0.6 * normal();
    target.offset = seconds(random_.uniform() * as_seconds(settings_.interval));
    targets_.push_back(std::move(target));
  }
}

void World::make_noise() {
  for (std::size_t i = 0; i < kTargets; ++i) {
    for (const WallTime at : arrivals(2)) {
      targets_[i].blips.push_back({at, at + seconds(40 * std::exp(0.65 * normal())), 0.95, 0, {}, {}});
    }
  }
  for (const WallTime at : arrivals(3)) {
    const double length = std::clamp(90 * std::exp(1.4 * normal()), 5.0, 7200.0);
    losses_.push_back({at, at + seconds(length), random_.chance(0.5) ? 1.0 : random_.uniform(0.3, 0.9), 0, {}, {}});
  }
  for (const WallTime at : arrivals(1)) {
    gaps_.push_back({at, at + seconds(random_.uniform(300, 3600)), 1, 0, {}, {}});
  }
  for (const WallTime at : arrivals(1)) {
    clocks_.push_back({at, at + seconds(random_.uniform(600, 7200)), 1, 0, {}, seconds(random_.uniform(-120, 120))});
  }
}

void World::make_problems() {
  for (const WallTime at : arrivals(1)) {
    problems_.push_back({at, at + seconds(random_.uniform(3600, 30000)), 1, kToken, of_some_platform(), {}});
  }
  for (const WallTime at : arrivals(2)) {
    problems_.push_back({at, at + seconds(random_.uniform(300, 2400)), 0.8, kQuota, of_some_platform(), {}});
  }
  for (const WallTime at : arrivals(1)) {
    const std::size_t one = random_.below(kTargets);
    problems_.push_back({at, at + seconds(random_.uniform(600, 7200)), 0.9, kBlocked, {one}, {}});
  }
}

void World::make_maintenance(std::uint64_t seed) {
  Random random{seed * 271 + 9};
  for (WallTime at = settings_.from;;) {
    at += seconds(-std::log(1 - random.uniform()) * kMonth);
    if (at >= settings_.to) return;
    const std::size_t one = random.below(kTargets);
    maintenances_.push_back({at, at + seconds(random.uniform(1200, 5400)), 1, 0, {one}, {}});
  }
}

/// Our own line is full (a backup, a film): everything answers late, nothing fails.
void World::make_jams(std::uint64_t seed) {
  Random random{seed * 613 + 5};
  for (WallTime at = settings_.from;;) {
    at += seconds(-std::log(1 - random.uniform()) * kMonth / 2);
    if (at >= settings_.to) return;
    jams_.push_back({at, at + seconds(random.uniform(180, 3600)), random.uniform(2.5, 6), 0, {}, {}});
  }
}

bool World::maintained(const ComponentId& component, WallTime at) const {
  return std::ranges::any_of(maintenances_, [&](const Span& span) {
    return at >= span.from && at < span.to + 30min && probes_[span.probes.front()].component == component;
  });
}

std::vector<std::size_t> World::of_some_platform() {
  const auto platform = kPlatforms.at(random_.below(kPlatforms.size()));
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < kTargets; ++i) {
    if (probes_[i].component.platform == platform) out.push_back(i);
  }
  return out;
}

const World::Span* World::inside(const std::vector<Span>& spans, std::size_t probe, WallTime at) {
  for (const Span& span : spans) {
    if (at < span.from || at >= span.to) continue;
    if (span.probes.empty() || std::ranges::find(span.probes, probe) != span.probes.end()) return &span;
  }
  return nullptr;
}

Micros World::clock_error(WallTime at) const {
  const Span* off = inside(clocks_, 0, at);
  return off == nullptr ? Micros{0} : off->offset;
}

double World::latency(Target& target, WallTime at) {
  const double day = as_seconds(at.time_since_epoch()) / 86400;
  if (const auto today = static_cast<std::int64_t>(day); today != target.day) {
    target.day = today;
    target.drift = target.drift * 0.95 + 0.03 * normal();
    if (random_.chance(1.0 / 60)) target.drift += random_.uniform(-0.2, 0.3);  // a step
  }
  double value = target.latency * std::exp(target.sigma * normal() + target.drift);
  value *= 1 + target.wave * std::sin(2 * std::numbers::pi * day + target.wave_phase);
  value *= 1 + target.weekly * std::sin(2 * std::numbers::pi * day / 7);
  // The people of one target sleep up to an hour before or after those of the next.
  if (target.strong) value *= strong_wave(day + std::sin(target.wave_phase) / 24);
  if (random_.chance(target.tail)) value *= 2 * std::pow(1 - random_.uniform(), -1 / 1.5);
  return value;
}

std::string World::stray_kind(std::size_t probe) {
  constexpr std::array<const char*, 5> kOwn{"http_5xx", "timeout", "auth", "tcp", "partial"};
  double draw = random_.uniform();
  // Every other target has a weakness of its own.
  if (probe % 2 == 0) {
    if (draw < 0.8) return kOwn.at((probe / 2 + weakness_) % kOwn.size());
    draw = (draw - 0.8) / 0.2;
  }
  if (draw < 0.35) return "timeout";
  if (draw < 0.60) return "http_5xx";
  if (draw < 0.72) return "tcp";
  if (draw < 0.80) return "auth";
  if (draw < 0.87) return "partial";
  return draw < 0.94 ? "tls" : "dns";
}

void World::fail(Result& result, const std::string& kind) const {
  const auto layer = std::ranges::find(kLayers, std::string_view{kind}, &Named::kind);
  result.result_class = ResultClass::platform_failure;
  result.failure = Failure{layer->layer, std::nullopt, kind, kind};
  if (layer->layer == Layer::timeout) result.took = seconds(kLongest / 1000);
}

std::pair<std::string, double> World::incident_at(std::size_t probe, WallTime at) {
  std::pair<std::string, double> out{"", 1};
  if (truth_ == nullptr || probe >= kTargets) return out;
  Target& target = targets_[probe];
  for (const Phase& phase : truth_->phases) {
    if (at < phase.from || at >= phase.to) continue;
    if (std::ranges::find(phase.components, probes_[probe].component) == phase.components.end()) continue;
    if (at >= target.lucky_until) {
      // One edge answers for a while: its luck lasts for 15 to 300 seconds.
      target.lucky_until = at + seconds(std::exp(random_.uniform(std::log(15.0), std::log(300.0))));
      target.luck = random_.uniform();
    }
    out.second *= phase.slowness;
    double share = phase.share;
    if (share > 0 && share < 1) share = 1 / (1 + std::exp(-(std::log(share / (1 - share)) + target.leaning)));
    if (target.luck < share) out.first = phase.kind;
  }
  return out;
}

Result World::answer(std::size_t probe, WallTime at) {
  Target& target = targets_[probe];
  Result result;
  result.probe = probes_[probe].id;
  result.component = probes_[probe].component;
  result.at = std::chrono::floor<std::chrono::milliseconds>(at + clock_error(at));
  const auto [failure, slowness] = incident_at(probe, at);
  const Span* jam = inside(jams_, probe, at);
  const double took = latency(target, at) * slowness * (jam == nullptr ? 1 : jam->share);
  result.took = seconds(std::min(took, kLongest) / 1000);
  const bool strays = random_.chance(target.failing);
  if (const Span* loss = inside(losses_, probe, at); loss != nullptr && random_.chance(loss->share)) {
    const double draw = random_.uniform();
    fail(result, draw < 0.6 ? "timeout" : draw < 0.9 ? "dns" : "tcp");
  } else if (const Span* problem = inside(problems_, probe, at); problem != nullptr && random_.chance(problem->share)) {
    constexpr std::array<const char*, 3> kWords{"token_expired", "rate_limited", "captcha"};
    result.result_class = problem->kind == kBlocked ? ResultClass::blocked : ResultClass::our_fault;
    result.failure = Failure{Layer::api, std::nullopt, kWords.at(static_cast<std::size_t>(problem->kind)), "no"};
  } else if (!failure.empty()) {
    fail(result, failure);
  } else if (inside(maintenances_, probe, at) != nullptr) {
    fail(result, "http_5xx");
  } else if (const Span* blip = inside(target.blips, probe, at); blip != nullptr && random_.chance(blip->share)) {
    fail(result, blip->from.time_since_epoch().count() % 2 == 0 ? "timeout" : "http_5xx");
  } else if (strays || took >= kLongest) {
    fail(result, took >= kLongest ? "timeout" : stray_kind(probe));
  }
  return result;
}

}  // namespace outaged::bench
