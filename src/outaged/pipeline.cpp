#include "outaged/pipeline.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/log.hpp"
#include "base/units.hpp"
#include "detect/evidence.hpp"

namespace outaged::daemon {
namespace {

constexpr const char* kDetector = "detector";
/// More incidents than this are not taken up again after a restart.
constexpr int kMostTakenUp = 50;
/// No run takes longer: what began so long before the saved state was known before it too.
constexpr Micros kLongestRun = std::chrono::minutes{10};
/// A gateway that has not answered for so long answers nobody.
constexpr Micros kGatewayRemembered = std::chrono::hours{24};
/// A restart takes less.
constexpr Micros kWorthTelling = std::chrono::minutes{5};

/// What befalls all that signs in with it.
bool is_of_credential(detect::ProblemKind kind) {
  return kind == detect::ProblemKind::credentials || kind == detect::ProblemKind::rate_limit;
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// What the log says of an incident once its messages are on disk.
struct Announced {
  IncidentId incident;
  std::string kind;
  std::string title;
  std::size_t channels = 0;
};

/// What the batch tells of incidents that it changes; reminders of others are not worth a line.
std::vector<Announced> announced_in(const store::Batch& batch) {
  std::vector<Announced> all;
  for (const auto& message : batch.outbox) {
    const auto incident = std::ranges::find(batch.incidents, message.incident, &incident::Incident::id);
    if (incident == batch.incidents.end()) continue;
    auto same = std::ranges::find_if(
        all, [&](const auto& one) { return one.incident == message.incident && one.kind == message.kind; });
    if (same == all.end()) same = all.insert(same, Announced{message.incident, message.kind, incident->title, 0});
    ++same->channels;
  }
  return all;
}

}  // namespace

Pipeline::Pipeline(Parts parts) : parts_(std::move(parts)) {}

Pipeline::~Pipeline() {
  if (armed_for_) parts_.timers.cancel(timer_);
}

void Pipeline::restore(store::Reader& reader) {
  for (const auto& row : reader.component_states()) stated_.insert(row.component);
  const WallTime now = parts_.timers.wall_now();
  parts_.announcer.restore(reader.told_outbox());
  parts_.announcer.calendar().restore(reader.silences(now), reader.maintenances(), reader.last_silence_id(),
                                      reader.last_maintenance_id());
  tell_of_gap(reader, now);
  std::vector<Result> since;
  if (const auto saved = reader.detector_state(kDetector)) {
    if (auto loaded = parts_.detector.load(saved->content); !loaded)
      log::warn("detection starts afresh", {{"reason", loaded.error()}});
    restore_own_network(reader, saved->saved_at);
    auto told = parts_.detector.problems();
    std::ranges::sort(told, {}, &detect::ProbeProblem::at);
    for (const auto& problem : told) is_told(problem);
    since = reader.results_since(saved->saved_at - kLongestRun);
    std::erase_if(since, [&saved](const Result& result) { return result.known_at() < saved->saved_at; });
  }
  // Where detection starts afresh, it may differ from what was stated last.
  const auto site = reader.site();
  site_stated_ = site && site->online == parts_.detector.site().online;
  auto open = reader.open_incidents();
  for (const auto& incident : open) {
    for (const auto& component : incident.components) {
      if (!component.recovered_at) parts_.detector.assume_failing(component.id, component.state, component.onset);
    }
  }
  // Those that are over may be taken up again for a while.
  for (auto& incident : reader.incidents(now - parts_.ledger.relapse_window(), kMostTakenUp)) {
    if (incident.state == IncidentState::resolved) open.push_back(std::move(incident));
  }
  parts_.ledger.restore(std::move(open), parts_.detector.beliefs(), parts_.detector.site());
  // Results that were stored after detection last wrote down what it knew: it sees them again, they are not stored
  // again.
  for (const auto& result : since) handle(observe(result), {});
  advance();
}

/// A loss that goes on is told at its end, by whichever run of the daemon sees it.
void Pipeline::restore_own_network(store::Reader& reader, WallTime saved_at) {
  const auto site = parts_.detector.site();
  if (const auto stored = reader.site(); !site.online && stored && !stored->online) {
    offline_since_ = stored->since;
    gateway_.lost(site.since);
  }
  reader.each_result_of(kGateway, saved_at - kGatewayRemembered, saved_at, [this](Result result) {
    result.component = kGateway;
    gateway_.take(result);
  });
}

/// Nobody watched while the daemon did not run; who wants to know of outaged itself is told.
void Pipeline::tell_of_gap(store::Reader& reader, WallTime now) {
  const auto alive = parse_time(reader.meta("last_alive_at").value_or(""));
  if (!alive || now - *alive < kWorthTelling) return;
  const auto text = fmt::format("Nothing was watched from {} {} to {} {} UTC.", format_date(*alive),
                                format_clock(*alive), format_date(now), format_clock(now));
  store::Batch batch;
  batch.outbox = parts_.announcer.tell(
      notify::Subject::outaged,
      notify::notice("outaged-" + format_time(now), "outaged was not running", text, Severity::major, now, context()),
      now);
  submit(std::move(batch));
}

detect::Decisions Pipeline::observe(const Result& result) {
  auto decisions = parts_.detector.observe(result);
  gateway_.take(result);
  if (decisions.answered) parts_.ledger.answered(result.component, *decisions.answered);
  return decisions;
}

void Pipeline::take(Result result) {
  if (parts_.vendors.contains(result.probe)) {
    take_vendor(std::move(result));
    return;
  }
  store::Batch batch;
  auto decisions = observe(result);
  note_first_sight(result, batch);
  if (is_lost_with_our_network(result)) result.result_class = ResultClass::our_network;
  batch.results.push_back(std::move(result));
  handle(std::move(decisions), std::move(batch));
}

/// No answer to a probe, while that of the control probes says why. Theirs stay what they are: they are the evidence.
bool Pipeline::is_lost_with_our_network(const Result& result) const {
  return result.result_class == ResultClass::platform_failure && result.component.platform != kControlPlatform &&
         !parts_.detector.site().online && result.failure && !detect::answered(*result.failure);
}

/// Detection hears only whether the page can be read, which is a matter of the probe; while our own network is down not
/// even that is known.
void Pipeline::take_vendor(Result result) {
  store::Batch batch;
  detect::Decisions decisions;
  const bool read = result.result_class == ResultClass::success;
  const auto site = parts_.detector.site();
  if (read || site.online) decisions = parts_.detector.observe(result);
  if (read) {
    const auto& vendor = parts_.vendors.at(result.probe);
    vendor_says_.take(result.probe, vendor, result.vendor, result.known_at());
    batch.vendor_readings.push_back({result.probe, vendor, result.known_at(), std::move(result.vendor)});
  }
  batch.results.push_back(std::move(result));
  handle(std::move(decisions), std::move(batch));
  tell_of_vendors();
}

/// Puts vendors' words on the timelines of the incidents that they concern.
void Pipeline::tell_of_vendors() {
  std::vector<incident::Intervention> said;
  for (const auto& incident : parts_.ledger.open()) {
    // What was read at a time is one entry, and one message.
    if (const auto news = vendor_says_.news(incident); !news.empty())
      said.push_back(
          {incident.id, incident::InterventionKind::vendor, "outaged", fmt::format("{}", fmt::join(news, " "))});
  }
  for (const auto& one : said) intervene(one, std::nullopt, [](const auto&) {});
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

void Pipeline::user_report(const ComponentId& component, const std::string& words) {
  const WallTime now = parts_.timers.wall_now();
  store::Batch batch;
  batch.user_reports.push_back({component, now});
  submit(std::move(batch));
  const auto concerned = std::ranges::find_if(parts_.ledger.open(), [&](const incident::Incident& incident) {
    return std::ranges::any_of(incident.components,
                               [&](const auto& part) { return part.id.platform == component.platform; });
  });
  std::optional<IncidentId> incident;
  if (concerned != parts_.ledger.open().end()) incident = concerned->id;
  const auto note = [&](std::string sentence) {
    if (!incident) return;
    intervene({*incident, incident::InterventionKind::note, "Users", std::move(sentence)}, std::nullopt,
              [](const auto&) {});
  };
  // Words without an incident are remembered for one.
  const auto reports = user_reports_.add(component, now, incident ? std::string{} : words);
  if (!words.empty()) note(incident::sentence_on_words(component, words));
  if (!reports) return;
  log::info("user reports", {{"component", to_string(component)}, {"reports", *reports}});
  parts_.look_closer(component);
  note(incident::sentence_on_reports(component, *reports));
}

void Pipeline::tell_of_budgets(const std::map<std::string, WallTime>& used_up) {
  store::Batch batch;
  const WallTime now = parts_.timers.wall_now();
  for (const auto& [owner, until] : used_up) {
    if (used_up_.contains(owner)) continue;
    log::warn("budget used up", {{"owner", owner}, {"until", format_time(until)}});
    // A budget that is too small is used up again and again; the outbox takes one message of a name.
    const auto notice = notify::notice(
        fmt::format("budget-{}-{}", owner, format_date(now)), fmt::format("The budget of {} is used up", owner),
        fmt::format("Its probes have asked all that network.budget allows within an hour. They go on at {} UTC; until "
                    "then nothing new is known of it.",
                    format_clock(until)),
        Severity::minor, now, context());
    std::ranges::move(parts_.announcer.tell(notify::Subject::probe_problems, notice, now),
                      std::back_inserter(batch.outbox));
  }
  used_up_.clear();
  for (const auto& [owner, until] : used_up) used_up_.insert(owner);
  submit(std::move(batch));
}

void Pipeline::tell_of_rests(const std::vector<detect::LeftAlone>& all) {
  handle(parts_.detector.left_alone(all, parts_.timers.wall_now()), {});
}

void Pipeline::review() {
  store::Batch batch;
  const WallTime now = parts_.timers.wall_now();
  mark_maintenance(batch);
  for (const auto& incident : parts_.ledger.open())
    std::ranges::move(parts_.announcer.review(incident, std::nullopt, context(), now),
                      std::back_inserter(batch.outbox));
  submit(std::move(batch));
  tell_of_vendors();
}

void Pipeline::change_calendar(const std::function<store::Batch(notify::Calendar&, WallTime)>& change,
                               std::function<void()> done) {
  parts_.writer.submit(change(parts_.announcer.calendar(), parts_.timers.wall_now()), std::move(done));
  review();
}

/// Maintenance is a state of the component for as long as it lasts, whatever the probes find.
void Pipeline::mark_maintenance(store::Batch& batch) {
  const WallTime now = parts_.timers.wall_now();
  std::set<ComponentId> maintained;
  for (const auto& belief : parts_.detector.beliefs()) {
    if (!stated_.contains(belief.component)) continue;
    const bool is = parts_.announcer.calendar().is_maintained(belief.component, now);
    if (is) maintained.insert(belief.component);
    if (is != maintained_.contains(belief.component))
      batch.component_states.push_back({belief.component, is ? ComponentState::under_maintenance : belief.state, now});
  }
  maintained_ = std::move(maintained);
}

ComponentState Pipeline::shown(const ComponentId& component, ComponentState state) const {
  return maintained_.contains(component) ? ComponentState::under_maintenance : state;
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
  const Overloaded note{
      [&](const detect::ComponentFinding& found) {
        if (!is_of_users(found.component.platform)) return;
        stated_.insert(found.component);
        // A change of layer or share alone is none of the state, which lasts since it began.
        if (found.turn != detect::Turn::changed || found.state != found.previous)
          batch.component_states.push_back({found.component, shown(found.component, found.state), found.at});
        // Our own network takes all components with it, and says so in one line of its own.
        const bool of_network = found.turn == detect::Turn::obscured || found.turn == detect::Turn::revealed;
        const auto write = of_network ? &log::debug : &log::info;
        write("component", {{"component", to_string(found.component)},
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
        log::info(
            found.online ? "our own network is there: what the probes find counts"
                         : "our own network is down: nothing can be said of the platforms until it is back",
            {{"online", found.online}, {"controls", found.controls}, {"controls_failing", found.controls_failing}});
      },
      [&](const detect::ProbeProblem& found) {
        batch.problems.push_back(found);
        log::info("probe problem", {{"probe", found.probe.name},
                                    {"kind", to_string(found.kind)},
                                    {"open", found.open},
                                    {"detail", found.detail}});
      }};
  std::visit(note, finding);
  add_notice(finding, batch);
  const auto* component = std::get_if<detect::ComponentFinding>(&finding);
  add(parts_.ledger.apply(finding), batch);
  if (component != nullptr) recall_reports(*component, batch);
}

/// Users may notice an outage before the probes do; when those do, the timeline says so.
void Pipeline::recall_reports(const detect::ComponentFinding& finding, store::Batch& batch) {
  const auto& component = finding.component;
  if (detect::ends(finding.turn)) user_reports_.forget(component);
  if (finding.turn != detect::Turn::opened) return;
  if (const auto early = user_reports_.early(component, finding.at))
    add(parts_.ledger.remark(component, incident::sentence_on_early_reports(component, *early), finding.at), batch);
}

/// What the probe signs in with, if the problem is one of that; else nothing.
std::string Pipeline::credential_of(const detect::ProbeProblem& problem) const {
  const auto found = parts_.credentials.find(problem.probe);
  return found == parts_.credentials.end() || !is_of_credential(problem.kind) ? std::string{} : found->second;
}

/// A token that has expired or is asked too much of is one problem, however many probes sign in with it: told of the
/// first, and anew once that one has been put right.
bool Pipeline::is_told(const detect::ProbeProblem& problem) {
  const auto credential = credential_of(problem);
  if (credential.empty()) return false;
  auto& told = told_of_[{credential, problem.kind}];
  const auto open = parts_.detector.problems();
  const bool lasts = std::ranges::any_of(open, [&](const detect::ProbeProblem& one) {
    return one.probe == told && one.probe != problem.probe && one.kind == problem.kind;
  });
  if (!lasts) told = problem.probe;
  return lasts;
}

/// " The same credential is used by a, b; this message is for all of them."
std::string Pipeline::sharers(const detect::ProbeProblem& problem) const {
  const auto credential = credential_of(problem);
  std::vector<std::string> others;
  for (const auto& [probe, its] : parts_.credentials) {
    if (its == credential && probe != problem.probe) others.push_back(probe.name);
  }
  if (others.empty()) return {};
  return fmt::format(" The same credential is used by {}; this message is for all of them.", fmt::join(others, ", "));
}

/// What happens to outaged itself has routes of its own.
void Pipeline::add_notice(const detect::Finding& finding, store::Batch& batch) {
  const auto tell = [&](notify::Subject subject, std::string reference, std::string title, std::string text,
                        WallTime at) {
    const auto message =
        notify::notice(std::move(reference), std::move(title), std::move(text), Severity::minor, at, context());
    std::ranges::move(parts_.announcer.tell(subject, message, at), std::back_inserter(batch.outbox));
  };
  if (const auto* problem = std::get_if<detect::ProbeProblem>(&finding);
      problem != nullptr && problem->open && !is_told(*problem)) {
    tell(notify::Subject::probe_problems,
         fmt::format("problem-{}-{}", problem->probe.name, format_time(problem->since)),
         fmt::format("The probe {} cannot ask properly ({})", problem->probe.name, to_string(problem->kind)),
         problem->detail + " This is no outage of the platform; the probe counts for nothing until it is put right." +
             sharers(*problem),
         problem->at);
  }
  const auto* site = std::get_if<detect::SiteFinding>(&finding);
  if (site == nullptr) return;
  if (!site->online) {
    offline_since_ = site->at;
    gateway_.lost(site->since);
  } else if (const auto since = std::exchange(offline_since_, std::nullopt)) {
    const std::string where = gateway_.sentence();
    // While it was down nothing could be sent, so this is told when it is over.
    tell(notify::Subject::site, "site-" + format_time(*since), "Our own network was down",
         fmt::format("From {} to {} UTC. Of the platforms nothing is known for that time.{}", format_clock(*since),
                     format_clock(site->at), where.empty() ? "" : " " + where),
         site->at);
  }
}

void Pipeline::add(incident::Effects effects, store::Batch& batch) {
  for (const auto& incident : effects.changed) {
    std::optional<incident::AnnouncementKind> news;
    WallTime now = parts_.timers.wall_now();
    for (const auto& announcement : effects.announcements) {
      if (announcement.incident != incident.id) continue;
      news = announcement.kind;
      now = announcement.at;
    }
    auto rows = parts_.announcer.review(incident, news, context(), now);
    std::ranges::move(rows, std::back_inserter(batch.outbox));
  }
  std::ranges::move(effects.changed, std::back_inserter(batch.incidents));
}

notify::Context Pipeline::context() const {
  notify::Context context;
  context.site = parts_.site;
  context.public_address = parts_.public_address;
  context.acknowledge_link = parts_.acknowledge_link;
  for (const auto& belief : parts_.detector.beliefs()) {
    if (belief.state != ComponentState::operational || !stated_.contains(belief.component)) continue;
    context.working.push_back(belief.component);
    if (belief.answered) context.answered[belief.component] = *belief.answered;
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
    committed = [stored = std::move(committed), written = parts_.messages_written, announced = announced_in(batch)] {
      for (const auto& one : announced)
        log::info(
            "announced",
            {{"incident", one.incident.number}, {"kind", one.kind}, {"channels", one.channels}, {"title", one.title}});
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
