#include "outaged/pipeline.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/units.hpp"

namespace outaged::daemon {
namespace {

constexpr const char* kDetector = "detector";

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

Pipeline::Pipeline(Parts parts) : parts_(std::move(parts)) {}

Pipeline::~Pipeline() {
  if (armed_for_) parts_.timers.cancel(timer_);
}

void Pipeline::restore(store::Reader& reader) {
  for (const auto& row : reader.component_states()) stated_.insert(row.component);
  site_stated_ = reader.site().has_value();
  std::vector<Result> since;
  if (const auto saved = reader.detector_state(kDetector)) {
    if (auto loaded = parts_.detector.load(saved->content); !loaded)
      log::warn("detection starts afresh", {{"reason", loaded.error()}});
    since = reader.results_since(saved->saved_at);
  }
  auto open = reader.open_incidents();
  for (const auto& incident : open) {
    for (const auto& component : incident.components) {
      if (!component.recovered_at) parts_.detector.assume_failing(component.id, component.state, component.onset);
    }
  }
  parts_.ledger.restore(std::move(open), parts_.detector.beliefs(), parts_.detector.site());
  // Results that were stored after detection last wrote down what it knew: it sees them again, they are not stored
  // again.
  for (const auto& result : since) handle(parts_.detector.observe(result), {});
  advance();
}

void Pipeline::take(Result result) {
  store::Batch batch;
  auto decisions = parts_.detector.observe(result);
  note_first_sight(result, batch);
  batch.results.push_back(std::move(result));
  handle(std::move(decisions), std::move(batch));
}

/// The detector reports changes; the first state of a component, and of our own network, is none.
void Pipeline::note_first_sight(const Result& result, store::Batch& batch) {
  if (result.result_class != ResultClass::success) return;
  if (result.component.platform == kControlPlatform) {
    if (std::exchange(site_stated_, true)) return;
    auto site = parts_.detector.site();
    site.since = result.at;
    batch.site_states.push_back(site);
  } else if (stated_.insert(result.component).second) {
    batch.component_states.push_back({result.component, ComponentState::operational, result.at});
  }
}

void Pipeline::advance() {
  const WallTime now = parts_.timers.wall_now();
  store::Batch batch;
  auto decisions = parts_.detector.advance(now);
  auto effects = parts_.ledger.advance(now);
  add(std::move(effects), batch);
  handle(std::move(decisions), std::move(batch));
}

void Pipeline::handle(detect::Decisions decisions, store::Batch batch) {
  for (const auto& finding : decisions.findings) add(finding, batch);
  if (!decisions.findings.empty()) batch.detector_states.push_back(detector_state());
  submit(std::move(batch));
  for (const auto& recheck : decisions.rechecks) parts_.recheck(recheck);
  arm();
}

void Pipeline::add(const detect::Finding& finding, store::Batch& batch) {
  const Overloaded note{[&](const detect::ComponentFinding& found) {
                          stated_.insert(found.component);
                          batch.component_states.push_back({found.component, found.state, found.at});
                          log::info("component", {{"component", to_string(found.component)},
                                                  {"turn", to_string(found.turn)},
                                                  {"state", to_string(found.state)},
                                                  {"failures", found.evidence.failures},
                                                  {"attempts", found.evidence.attempts}});
                        },
                        [&](const detect::SiteFinding& found) {
                          site_stated_ = true;
                          auto dated = found;
                          dated.since = found.at;
                          batch.site_states.push_back(dated);
                          log::info("own network", {{"online", found.online},
                                                    {"controls", found.controls},
                                                    {"controls_failing", found.controls_failing}});
                        },
                        [&](const detect::ProbeProblem& found) {
                          batch.problems.push_back(found);
                          log::info("probe problem", {{"probe", found.probe.name},
                                                      {"kind", to_string(found.kind)},
                                                      {"open", found.open},
                                                      {"detail", found.detail}});
                        }};
  std::visit(note, finding);
  add(parts_.ledger.apply(finding), batch);
}

void Pipeline::add(incident::Effects effects, store::Batch& batch) {
  for (const auto& announcement : effects.announcements) {
    const auto incident = std::ranges::find(effects.changed, announcement.incident, &incident::Incident::id);
    if (incident == effects.changed.end()) continue;
    auto rows = notify::announce(*incident, announcement.kind, context(), parts_.channels, announcement.at);
    log::info("announced", {{"incident", announcement.incident.number},
                            {"kind", to_string(announcement.kind)},
                            {"channels", rows.size()},
                            {"title", incident->title}});
    std::ranges::move(rows, std::back_inserter(batch.outbox));
  }
  std::ranges::move(effects.changed, std::back_inserter(batch.incidents));
}

notify::Context Pipeline::context() const {
  notify::Context context;
  context.site = parts_.site;
  context.public_address = parts_.public_address;
  for (const auto& belief : parts_.detector.beliefs()) {
    if (belief.state == ComponentState::operational && stated_.contains(belief.component))
      context.working.push_back(belief.component);
  }
  const auto site = parts_.detector.site();
  if (site.controls > 0) context.own_network = notify::OwnNetwork{site.online, site.controls, site.controls_failing};
  return context;
}

void Pipeline::intervene(const incident::Intervention& said, std::optional<incident::Incident> resolved,
                         Intervened done) {
  const WallTime now = parts_.timers.wall_now();
  auto effects = resolved && said.kind == incident::InterventionKind::reopen
                     ? parts_.ledger.reopen(std::move(*resolved), said, now)
                     : parts_.ledger.intervene(said, now);
  if (!effects) {
    done(Unexpected{effects.error()});
    return;
  }
  const auto changed = std::ranges::find(effects->changed, said.incident, &incident::Incident::id);
  if (changed == effects->changed.end()) {
    done(Unexpected{std::string{"Nothing changed."}});
    return;
  }
  log::info("intervention", {{"incident", said.incident.number}, {"kind", to_string(said.kind)}, {"by", said.by}});
  store::Batch batch;
  auto stored = [done = std::move(done), incident = *changed] { done(incident); };
  add(std::move(*effects), batch);
  submit(std::move(batch), std::move(stored));
  arm();
}

store::DetectorState Pipeline::detector_state() const {
  return {kDetector, parts_.timers.wall_now(), parts_.detector.save()};
}

void Pipeline::save() {
  store::Batch batch;
  batch.detector_states.push_back(detector_state());
  batch.meta.push_back({"alive_at", format_time(parts_.timers.wall_now())});
  submit(std::move(batch));
}

void Pipeline::submit(store::Batch batch, std::function<void()> stored) {
  if (batch.empty()) return;
  store::Writer::Committed committed = std::move(stored);
  if (!batch.outbox.empty()) {
    committed = [stored = std::move(committed), written = parts_.messages_written] {
      if (stored) stored();
      if (written) written();
    };
  }
  parts_.writer.submit(std::move(batch), std::move(committed));
}

/// Time alone can decide too: waits end, quiet periods pass, held announcements become due.
void Pipeline::arm() {
  auto next = parts_.detector.next_deadline();
  if (const auto ledger = parts_.ledger.next_deadline(); ledger && (!next || *ledger < *next)) next = ledger;
  if (next == armed_for_) return;
  if (armed_for_) parts_.timers.cancel(timer_);
  armed_for_ = next;
  if (!next) return;
  const auto wait = std::max(Micros{0}, *next - parts_.timers.wall_now());
  timer_ = parts_.timers.at(parts_.timers.now() + wait, [this] {
    armed_for_.reset();
    advance();
  });
}

}  // namespace outaged::daemon
