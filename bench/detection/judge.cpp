#include "detection/judge.hpp"

#include <algorithm>
#include <set>

namespace outaged::bench {
namespace {

double in_seconds(Micros value) {
  return static_cast<double>(value.count()) / 1e6;
}

bool over_a_tenth(const Truth& truth, WallTime at) {
  return std::ranges::any_of(truth.phases, [at](const Phase& phase) {
    return at >= phase.from && at < phase.to && (phase.share > 0.1 || phase.slowness > 2);
  });
}

}  // namespace

std::vector<Shown> shown_by(const replay::Record& record) {
  std::vector<Shown> out;
  for (const auto& [id, incident] : record.incidents) {
    Shown one{incident.opened_at, incident.resolved_at, {}, 0};
    for (const auto& event : record.events) {
      if (event.incident == id && event.kind == replay::Event::Kind::resolve) one.all_clears.push_back(event.at);
    }
    for (const auto& component : incident.components) one.components.push_back(component.id);
    for (const auto& message : record.announcements) one.messages += message.incident == id ? 1 : 0;
    out.push_back(std::move(one));
  }
  return out;
}

Score judge(const std::vector<Shown>& shown, const Truth& truth) {
  Score score;
  const std::set<ComponentId> hit(truth.components.begin(), truth.components.end());
  std::set<ComponentId> named;
  std::optional<WallTime> opened;
  std::optional<WallTime> resolved;
  bool open_end = false;
  Micros covered{0};
  WallTime covered_until = truth.material;
  for (const Shown& one : shown) {
    const WallTime end = one.resolved.value_or(WallTime::max());
    const bool related = std::ranges::any_of(one.components, [&hit](const auto& id) { return hit.contains(id); });
    if (!related || end < truth.from || one.opened > truth.to + std::chrono::minutes{30}) {
      ++score.strangers;
      continue;
    }
    ++score.incidents;
    score.messages += one.messages;
    named.insert(one.components.begin(), one.components.end());
    if (!opened || one.opened < *opened) opened = one.opened;
    if (!one.resolved) open_end = true;
    if (one.resolved && (!resolved || *one.resolved > *resolved)) resolved = one.resolved;
    score.all_clears += static_cast<int>(one.all_clears.size());
    for (const WallTime at : one.all_clears) score.early_all_clear = score.early_all_clear || over_a_tenth(truth, at);
    const WallTime begin = std::max(one.opened, covered_until);
    if (const WallTime stop = std::min(end, truth.to); stop > begin) {
      covered += stop - begin;
      covered_until = stop;
    }
  }
  score.named = static_cast<int>(named.size());
  score.hit = static_cast<int>(hit.size());
  for (const auto& id : named) score.right += hit.contains(id) ? 1 : 0;
  if (opened && *opened < truth.to) score.detect = std::max(0.0, in_seconds(*opened - truth.material));
  if (resolved && !open_end) score.recover = in_seconds(*resolved - truth.to);
  score.covered = in_seconds(covered) / in_seconds(truth.to - truth.material);
  return score;
}

}  // namespace outaged::bench
