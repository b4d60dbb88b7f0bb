#include "replay/replay.hpp"

#include <algorithm>

namespace outaged::replay {
namespace {

std::vector<ComponentId> components_of(const std::vector<detect::ProbeInfo>& probes) {
  std::set<ComponentId> out;
  for (const auto& probe : probes) {
    if (is_of_users(probe.component.platform)) out.insert(probe.component);
  }
  return {out.begin(), out.end()};
}

/// With the owners that the settings of incidents name.
std::vector<detect::ProbeInfo> owned(std::vector<detect::ProbeInfo> probes, const incident::Settings& settings) {
  for (auto& probe : probes) {
    const auto owner = settings.owners.find(probe.component.platform);
    if (owner != settings.owners.end()) probe.owner = owner->second;
  }
  return probes;
}

}  // namespace

Replay::Replay(const detect::Settings& detection, const incident::Settings& incidents,
               const std::vector<detect::ProbeInfo>& probes)
    : detection_(detection),
      incident_settings_(incidents),
      probes_(owned(probes, incidents)),
      watched_(components_of(probes)),
      detector_(detection, probes_),
      ledger_(incidents, watched_, IncidentId{1}) {}

std::vector<detect::Recheck> Replay::take(const Result& result) {
  auto rechecks = advance(result.known_at());
  ++record_.results;
  count(result);
  const auto decisions = detector_.observe(result);
  if (decisions.answered) ledger_.answered(result.component, *decisions.answered);
  handle(decisions, rechecks);
  return rechecks;
}

std::vector<detect::Recheck> Replay::advance(WallTime now) {
  std::vector<detect::Recheck> rechecks;
  for (;;) {
    const auto due = next_deadline();
    if (!due || *due > now) break;
    now_ = std::max(now_, *due);
    handle(detector_.advance(now_), rechecks);
    note(ledger_.advance(now_));
    // What could not be done at its time is not due again before something new is known.
    if (next_deadline() == due) break;
  }
  now_ = std::max(now_, now);
  return rechecks;
}

std::optional<WallTime> Replay::next_deadline() const {
  auto next = detector_.next_deadline();
  if (const auto ledger = ledger_.next_deadline(); ledger && (!next || *ledger < *next)) next = ledger;
  return next;
}

bool Replay::restart() {
  detect::Detector detector{detection_, probes_};
  if (!detector.load(detector_.save())) return false;
  detector_ = std::move(detector);
  incident::Ledger ledger{incident_settings_, watched_, ledger_.next_id()};
  auto known = ledger_.open();
  known.insert(known.end(), ledger_.lately().begin(), ledger_.lately().end());
  ledger.restore(std::move(known), detector_.beliefs(), detector_.site());
  ledger_ = std::move(ledger);
  return true;
}

void Replay::handle(const detect::Decisions& decisions, std::vector<detect::Recheck>& rechecks) {
  for (const auto& finding : decisions.findings) {
    note(finding);
    note(ledger_.apply(finding));
  }
  rechecks.insert(rechecks.end(), decisions.rechecks.begin(), decisions.rechecks.end());
}

void Replay::note(const detect::Finding& finding) {
  if (const auto* site = std::get_if<detect::SiteFinding>(&finding)) {
    auto& losses = record_.site_offline;
    if (!site->online) {
      losses.push_back({site->since, std::nullopt});
    } else if (!losses.empty()) {
      losses.back().to = site->at;
    }
  } else if (const auto* problem = std::get_if<detect::ProbeProblem>(&finding)) {
    if (problem->open) {
      record_.problems.push_back({problem->probe, problem->kind, {problem->since, std::nullopt}});
      return;
    }
    const auto open = std::find_if(record_.problems.rbegin(), record_.problems.rend(), [problem](const auto& one) {
      return one.probe == problem->probe && one.kind == problem->kind;
    });
    if (open != record_.problems.rend()) open->when.to = problem->at;
  }
}

void Replay::note(const incident::Effects& effects) {
  for (const auto& incident : effects.changed) {
    const bool resolved = incident.state == IncidentState::resolved;
    bool first = open_.insert(incident.id).second;
    for (const auto& one : incident.components) {
      if (!members_.emplace(incident.id, one.id).second) continue;
      const auto kind = first ? Event::Kind::open : Event::Kind::join;
      record_.events.push_back({one.joined_at, kind, incident.id, one.id});
      first = false;
    }
    if (first && !resolved) {
      // The same incident, open again.
      record_.events.push_back(
          {incident.timeline.back().at, Event::Kind::open, incident.id, incident.components.front().id});
    }
    if (resolved) {
      record_.events.push_back({*incident.resolved_at, Event::Kind::resolve, incident.id, {}});
      open_.erase(incident.id);
    }
    record_.incidents.insert_or_assign(incident.id, incident);
  }
  record_.announcements.insert(record_.announcements.end(), effects.announcements.begin(), effects.announcements.end());
}

void Replay::count(const Result& result) {
  // What fails while our own network is down says nothing of the platform.
  if (!detector_.site().online) return;
  const bool failed = result.result_class == ResultClass::platform_failure;
  if (!failed && result.result_class != ResultClass::success) return;
  for (const auto& incident : ledger_.open()) {
    for (const auto& one : incident.components) {
      if (one.id != result.component || one.recovered_at) continue;
      auto& [failures, attempts] = record_.failed_of[{incident.id, one.id}];
      failures += failed ? 1U : 0U;
      ++attempts;
    }
  }
}

}  // namespace outaged::replay
