#include "outaged/daemon.hpp"

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/write.hpp"
#include "base/log.hpp"
#include "base/real_timer_queue.hpp"
#include "net/http_engine.hpp"
#include "net/resolver.hpp"
#include "notify/notifier.hpp"
#include "outaged/alert_desk.hpp"
#include "outaged/leftovers.hpp"
#include "outaged/network_prober.hpp"
#include "outaged/pipeline.hpp"
#include "outaged/sender.hpp"
#include "schedule/scheduler.hpp"
#include "serve/acknowledge_link.hpp"
#include "serve/api.hpp"
#include "serve/server.hpp"
#include "store/late_reader.hpp"

namespace outaged::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr Micros kSaveInterval = 30s;
constexpr auto kStopPatience = 5s;
constexpr Micros kBeat = 1s;
/// Probes of a component that users report, one after the other.
constexpr Micros kCloser = 2s;
/// Whoever comes to a message later has the page.
constexpr Micros kLinksLast = 24h * 7;
/// Under this name the store keeps what is asked of whom, and who is left alone.
constexpr const char* kManners = "manners";
/// A probe thread that has not come round for so long hangs.
constexpr Micros kLongestSilence = 15s;

RealTimerQueue::Pace pace_of(const config::PaceSettings& clock) {
  // Both threads that keep time must agree on when it began.
  if (clock.speed == 1.0 && !clock.start) return {};
  return {clock.speed, clock.start.value_or(wall_clock_now())};
}

/// Budgets stand in "network" for people; the schedule keeps them.
schedule::Settings schedule_of(const config::Configuration& settings) {
  const auto budget = [](const net::OwnerBudget& one) {
    return schedule::Budget{static_cast<std::uint64_t>(one.requests), one.bytes};
  };
  schedule::Settings schedule = settings.schedule;
  schedule.budget = budget(settings.network.budget);
  // What belongs to whoever runs this is asked as often as they say. The control hosts are many and each is asked
  // little; without their answers nothing could be said of our own network.
  for (const auto& owner : {kOwnPlatform, kControlPlatform}) schedule.budgets[std::string{owner}] = schedule::Budget{};
  for (const auto& [owner, one] : settings.network.budgets) schedule.budgets[owner] = budget(one);
  return schedule;
}

std::set<std::string> channel_names(const notify::Settings& settings) {
  std::set<std::string> names;
  for (const auto& [name, channel] : settings) names.insert(name);
  return names;
}

store::ProbeRow row_of(const probe::CatalogEntry& entry) {
  const auto& definition = *entry.definition;
  auto state = store::ProbeState::active;
  if (!entry.configured()) state = store::ProbeState::not_configured;
  if (entry.disabled) state = store::ProbeState::disabled;
  return {definition.id, definition.component, definition.title, definition.tier, definition.interval, state};
}

/// As a probe problem says it.
std::string sentence_on(schedule::RestReason reason) {
  switch (reason) {
    case schedule::RestReason::turned_away:
      return "It is left alone for a while: its host turned us away several times in a row.";
    case schedule::RestReason::asked_to_wait:
      return "It is left alone for a while: its host turned us away and told us to wait.";
    case schedule::RestReason::usage:
      return "It is left alone for a while: nearly all of what the platform allows is used.";
  }
  return {};
}

serve::ScheduleCounts counts_of(const schedule::Stats& stats) {
  return {.running = stats.running,
          .waiting = stats.waiting,
          .started = stats.started,
          .missed_beats = stats.missed_beats,
          .late = stats.late,
          .given_up = stats.given_up,
          .refrained = stats.refrained,
          .rechecks = stats.rechecks,
          .refused_rechecks = stats.refused_rechecks};
}

}  // namespace

struct Daemon::Impl {
  explicit Impl(config::Loaded l) : loaded(std::move(l)), pace(pace_of(loaded.settings.clock)), timers(io, pace) {}
  ~Impl() { stop(); }

  Expected<bool, Obstacle> start(const serve::Inherited& inherited);
  Expected<bool, Obstacle> make_network();
  void make_schedule();
  Expected<bool, Obstacle> restore();
  Expected<bool, Obstacle> start_notifier();
  Expected<bool, Obstacle> start_server(const serve::Inherited& inherited);
  void take(Result result);
  void keep_saving();
  void save_budgets();
  void keep_beating();
  void wake_notifier();
  void run_probe(const ProbeId& id, std::function<void(std::optional<Result>)> done);
  [[nodiscard]] std::function<std::string(IncidentId)> acknowledge_link() const;
  [[nodiscard]] Secret value_of(const std::optional<SecretReference>& reference) const;
  [[nodiscard]] bool progressing() const;
  serve::Vitals vitals();
  void stop();

  // Before all that answers its clients: an answer that is still owed belongs to the server's loop.
  std::unique_ptr<serve::Server> server;
  config::Loaded loaded;
  RealTimerQueue::Pace pace;
  std::vector<std::shared_ptr<const probe::Definition>> active;

  std::unique_ptr<store::Writer> writer;
  std::mutex notifier_guard;  ///< for the pointer: the writer's thread is there before the notifier and after it
  std::unique_ptr<notify::Notifier> notifier;
  asio::io_context io{1};  // the probe thread's; nothing but probing is registered here
  RealTimerQueue timers;
  std::unique_ptr<net::HttpEngine> engine;
  std::unique_ptr<net::Resolver> resolver;
  std::unique_ptr<probe::Runner> runner;
  std::unique_ptr<Leftovers> leftovers;
  std::unique_ptr<NetworkProber> prober;
  std::unique_ptr<schedule::Scheduler> scheduler;
  std::unique_ptr<Pipeline> pipeline;
  std::atomic<Instant> beat;  ///< when the timers of the probe thread were last seen to run
  std::mutex counts_guard;
  serve::ScheduleCounts counts;  ///< at the last beat: the scheduler belongs to the probe thread
  std::thread thread;
  std::vector<std::string> addresses;
};

Expected<bool, Obstacle> Daemon::Impl::start(const serve::Inherited& inherited) {
  for (const auto& entry : loaded.catalog) {
    if (entry.active()) active.push_back(entry.definition);
  }
  auto opened = store::Writer::open(loaded.settings.store, [this] { return timers.wall_now(); });
  if (!opened) return Unexpected{std::move(opened).error()};
  writer = std::move(*opened);
  store::Batch begin;
  // The beginning of this run must not hide the end of the last one.
  if (auto before = store::Reader::open(loaded.settings.store.path)) {
    if (const auto alive = before->meta("alive_at")) begin.meta.push_back({"last_alive_at", *alive});
  }
  for (const auto& entry : loaded.catalog) begin.probes.push_back(row_of(entry));
  const std::string now = format_time(timers.wall_now());
  for (const auto& [name, value] : {std::pair<const char*, std::string>{"site", loaded.settings.site},
                                    {"version", OUTAGED_VERSION},
                                    {"started_at", now},
                                    {"alive_at", now}})
    begin.meta.push_back({name, value});
  writer->submit(std::move(begin));

  if (auto made = make_network(); !made) return made;
  make_schedule();
  if (auto restored = restore(); !restored) return restored;
  if (auto started = start_notifier(); !started) return started;
  if (auto started = start_server(inherited); !started) return started;
  keep_saving();
  keep_beating();
  thread = std::thread([this] {
    const auto work = asio::make_work_guard(io);
    for (;;) {
      try {
        io.run();
        return;
      } catch (const std::exception& error) {
        log::error("probe loop", {{"reason", error.what()}});
      }
    }
  });
  return true;
}

Expected<bool, Obstacle> Daemon::Impl::make_network() {
  net::raise_descriptor_limit();
  auto made = net::HttpEngine::create(io, loaded.settings.network);
  // A file of the system's may come back, and be whole again.
  const auto outlook = loaded.settings.network.ca_file.empty() ? Outlook::passing : Outlook::lasting;
  if (!made) return Unexpected{Obstacle{std::move(made).error(), outlook}};
  engine = std::move(*made);
  auto names = net::Resolver::create(io, loaded.settings.network);
  if (!names) return Unexpected{Obstacle{std::move(names).error()}};
  resolver = std::move(*names);
  runner = std::make_unique<probe::Runner>(*engine, *resolver, timers, Random::unpredictable(), loaded.redactor);
  leftovers = std::make_unique<Leftovers>(io, *runner, timers, *writer, active,
                                          [this](const ProbeId& probe, const std::vector<StepResult>& steps) {
                                            if (scheduler) scheduler->count(probe, steps);
                                          });
  return true;
}

void Daemon::Impl::make_schedule() {
  std::vector<detect::ProbeInfo> infos;
  std::vector<ComponentId> watched;
  std::map<ProbeId, std::string> credentials;
  std::vector<schedule::Entry> entries;
  for (const auto& definition : active) {
    const auto& owners = loaded.settings.incidents.owners;
    const auto owner = owners.find(definition->component.platform);
    const auto credential = fmt::format("{}", fmt::join(definition->required_secrets, " "));
    infos.push_back({.id = definition->id,
                     .component = definition->component,
                     .interval = definition->interval,
                     .tier = definition->tier,
                     .endpoint = definition->endpoint(),
                     .owner = owner == owners.end() ? std::string{} : owner->second,
                     .credential = credential});
    if (!credential.empty()) credentials.emplace(definition->id, credential);
    entries.push_back({.id = definition->id,
                       .interval = definition->interval,
                       .owner = definition->component.platform,
                       .target = {definition->tier, definition->endpoint(), credential},
                       .spacing = definition->spacing});
    if (is_of_users(definition->component.platform)) watched.push_back(definition->component);
  }
  std::ranges::sort(watched);
  watched.erase(std::unique(watched.begin(), watched.end()), watched.end());

  std::map<ProbeId, std::string> vendors;
  for (const auto& definition : active) {
    if (definition->vendor) vendors.emplace(definition->id, definition->vendor->name);
  }

  prober = std::make_unique<NetworkProber>(io, timers, loaded.settings.clock.speed > 1, *runner, active);
  scheduler =
      std::make_unique<schedule::Scheduler>(timers, *prober, schedule_of(loaded.settings), Random::unpredictable(),
                                            [this](Result result) { take(std::move(result)); });
  IncidentId next{1};
  if (auto reader = store::Reader::open(loaded.settings.store.path))
    next.number = reader->last_incident_id().number + 1;
  pipeline = std::make_unique<Pipeline>(Pipeline::Parts{
      .timers = timers,
      .writer = *writer,
      .detector = detect::Detector(loaded.settings.detection, infos),
      .ledger = incident::Ledger(loaded.settings.incidents, watched, next),
      .announcer = notify::Announcer(loaded.settings.routes, loaded.settings.channels, loaded.settings.site),
      .site = loaded.settings.site,
      .public_address = loaded.settings.public_address,
      .vendors = std::move(vendors),
      .credentials = std::move(credentials),
      .acknowledge_link = acknowledge_link(),
      .recheck = [this](const detect::Recheck& wanted) { scheduler->request_recheck(wanted.probe, wanted.after); },
      .look_closer =
          [this](const ComponentId& component) {
            for (const auto& definition : active) {
              if (definition->component == component) scheduler->request_recheck(definition->id, kCloser);
            }
          },
      .messages_written = [this] { wake_notifier(); }});
  scheduler->replace(entries);
}

Expected<bool, Obstacle> Daemon::Impl::restore() {
  if (!writer->flush(30s))
    return Unexpected{Obstacle{"the database does not take anything: " + writer->stats().trouble}};
  auto reader = store::Reader::open(loaded.settings.store.path);
  if (!reader) return Unexpected{Obstacle{std::move(reader).error()}};
  runner->memory().restore(reader->learned_answers(), reader->known_addresses());
  leftovers->restore(reader->leftovers());
  if (const auto manners = reader->detector_state(kManners)) {
    if (auto known = scheduler->load(manners->content); !known)
      log::warn("budgets and rests start afresh", {{"reason", known.error()}});
  }
  pipeline->restore(*reader);
  return true;
}

Expected<bool, Obstacle> Daemon::Impl::start_notifier() {
  json::Faults faults;
  auto channels =
      notify::open_channels(loaded.settings.channels, loaded.values.secrets, json::Cursor("configuration", faults));
  if (!faults.empty()) return Unexpected{Obstacle{json::to_string(faults.front()), Outlook::lasting}};
  // The notify thread has its own copy of the routes.
  const auto raise = [desk = std::make_shared<const notify::Announcer>(loaded.settings.routes, loaded.settings.channels,
                                                                       loaded.settings.site),
                      site = loaded.settings.site,
                      address = loaded.settings.public_address](const store::ChannelProblem& problem) {
    notify::Context context;
    context.site = site;
    context.public_address = address;
    const auto message = notify::notice(fmt::format("channel-{}-{}", problem.channel, format_time(problem.at)),
                                        fmt::format("The channel {} cannot be written to", problem.channel),
                                        "Its receiver says: " + problem.detail, Severity::major, problem.at, context);
    return desk->tell(notify::Subject::channel_problems, message, problem.at, problem.channel);
  };
  const auto& heartbeat = loaded.settings.heartbeat;
  auto started = notify::Notifier::start(
      {.channels = std::move(channels),
       .database = loaded.settings.store.path,
       .writer = *writer,
       .make_send = network_sender(loaded.settings.network),
       .pace = pace,
       .site = loaded.settings.site,
       .raise = raise,
       .heartbeat = heartbeat.url ? loaded.values.secrets.at(heartbeat.url->name).reveal() : std::string{},
       .heartbeat_interval = heartbeat.interval});
  if (!started) return Unexpected{Obstacle{std::move(started).error()}};
  const std::lock_guard guard(notifier_guard);
  notifier = std::move(*started);
  return true;
}

Expected<bool, Obstacle> Daemon::Impl::start_server(const serve::Inherited& inherited) {
  const serve::Daemon self{
      .database = loaded.settings.store.path,
      .site = loaded.settings.site,
      .version = OUTAGED_VERSION,
      .public_address = loaded.settings.public_address,
      .now = [this] { return timers.wall_now(); },
      .clock = [] { return MonotonicClock::now(); },
      .run_probe = [this](const ProbeId& id, auto done) { asio::post(io, [this, id, done] { run_probe(id, done); }); },
      .intervene =
          [this](incident::Intervention said, std::optional<incident::Incident> resolved, auto done) {
            asio::post(io, [this, said = std::move(said), resolved = std::move(resolved), done = std::move(done)] {
              pipeline->intervene(said, resolved, done);
            });
          },
      .user_report =
          [this](const ComponentId& component, const std::string& words) {
            asio::post(io, [this, component, words] { pipeline->user_report(component, words); });
          },
      .admin_token = value_of(loaded.settings.serve.admin_token),
      .link_key = value_of(loaded.settings.serve.link_key),
      .vitals = [this] { return vitals(); },
      .maintenance = [reader = std::make_shared<store::LateReader>(loaded.settings.store.path)](
                         WallTime from, WallTime until) { return maintenance_windows(reader->get(), from, until); }};
  const AlertDesk desk{.database = loaded.settings.store.path,
                       .site = loaded.settings.site,
                       .public_address = loaded.settings.public_address,
                       .now = [this] { return timers.wall_now(); },
                       .channels = channel_names(loaded.settings.channels),
                       .notifier = *notifier,
                       .change_calendar =
                           [this](auto change, auto done) {
                             asio::post(io, [this, change, done] { pipeline->change_calendar(change, done); });
                           }};
  const auto routes = [&](const asio::any_io_executor& executor) {
    const auto gate = std::make_shared<serve::Gate>(self.admin_token, self.now);
    auto all = serve::api_routes(self, executor, gate);
    std::ranges::move(alert_routes(desk, gate), std::back_inserter(all));
    return all;
  };
  // Clients and caches live in real time.
  server = std::make_unique<serve::Server>(loaded.settings.serve, routes, wall_clock_now);
  auto started = server->start(inherited);
  if (!started) return Unexpected{Obstacle{std::move(started).error()}};
  addresses = std::move(*started);
  return true;
}

void Daemon::Impl::take(Result result) {
  pipeline->take(std::move(result));
  auto learned = runner->memory().take_changes();
  if (learned.empty()) return;
  store::Batch batch;
  batch.learned_answers = std::move(learned.answers);
  batch.known_addresses = std::move(learned.addresses);
  writer->submit(std::move(batch));
}

void Daemon::Impl::keep_saving() {
  timers.at(timers.now() + kSaveInterval, [this] {
    pipeline->save();
    pipeline->review();
    save_budgets();
    keep_saving();
  });
}

/// What was asked of whom goes where outagectl finds it, also when no daemon runs.
void Daemon::Impl::save_budgets() {
  const WallTime now = timers.wall_now();
  nlohmann::json owners = nlohmann::json::array();
  std::map<std::string, WallTime> used_up;
  for (const auto& [owner, requests, bytes, budget, used_up_until] : scheduler->spending()) {
    nlohmann::json entry = {{"owner", owner}, {"requests", requests}, {"bytes", bytes}};
    if (budget.requests > 0) entry["max_requests"] = budget.requests;
    if (budget.bytes.count > 0) entry["max_bytes"] = budget.bytes.count;
    if (used_up_until) {
      const auto until = used_up.emplace(owner, now + (*used_up_until - timers.now())).first->second;
      entry["used_up_until"] = format_time(until);
    }
    owners.push_back(std::move(entry));
  }
  nlohmann::json alone = nlohmann::json::object();
  nlohmann::json why = nlohmann::json::object();
  std::vector<detect::LeftAlone> rests;
  for (std::size_t i = 0; i < active.size(); ++i) {
    const auto& name = active[i]->id.name;
    const auto stats = scheduler->probe_stats(i);
    if (stats.usage_percent) why[name]["usage_percent"] = *stats.usage_percent;
    if (!stats.rest) continue;
    const Micros rest = stats.rest->until - timers.now();
    rests.push_back({active[i]->id, rest, sentence_on(stats.rest->reason)});
    alone[name] = format_time(now + rest);
    why[name]["left_alone_reason"] = to_string(stats.rest->reason);
  }
  const nlohmann::json said = {{"at", format_time(now)},
                               {"owners", std::move(owners)},
                               {"left_alone", std::move(alone)},
                               {"why", std::move(why)}};
  store::Batch batch;
  batch.meta.push_back({"budgets", json::written(said)});
  batch.detector_states.push_back({kManners, now, scheduler->save()});
  writer->submit(std::move(batch));
  pipeline->tell_of_budgets(used_up);
  pipeline->tell_of_rests(rests);
}

/// By the timers that start probes: when these stand still, so does this.
void Daemon::Impl::keep_beating() {
  beat = MonotonicClock::now();
  {
    const std::lock_guard guard(counts_guard);
    counts = counts_of(scheduler->stats());
  }
  timers.at(timers.now() + kBeat, [this] { keep_beating(); });
}

void Daemon::Impl::wake_notifier() {
  const std::lock_guard guard(notifier_guard);
  if (notifier) notifier->wake();
}

void Daemon::Impl::run_probe(const ProbeId& id, std::function<void(std::optional<Result>)> done) {
  const auto found = std::ranges::find(active, id, [](const auto& definition) { return definition->id; });
  if (found == active.end()) {
    done(std::nullopt);
    return;
  }
  const auto index = static_cast<std::size_t>(found - active.begin());
  if (!scheduler->run_now(index, [done](const std::optional<Result>& result) { done(result); })) done(std::nullopt);
}

std::function<std::string(IncidentId)> Daemon::Impl::acknowledge_link() const {
  const auto key = value_of(loaded.settings.serve.link_key);
  if (key.empty() || loaded.settings.public_address.empty()) return nullptr;
  return [this, key](IncidentId incident) {
    return loaded.settings.public_address + serve::acknowledge_path(key, incident, timers.wall_now() + kLinksLast);
  };
}

Secret Daemon::Impl::value_of(const std::optional<SecretReference>& reference) const {
  if (!reference) return {};
  const auto found = loaded.values.secrets.find(reference->name);
  return found == loaded.values.secrets.end() ? Secret{} : found->second;
}

bool Daemon::Impl::progressing() const {
  return MonotonicClock::now() - beat.load() < kLongestSilence;
}

serve::Vitals Daemon::Impl::vitals() {
  const std::lock_guard guard(counts_guard);
  return {progressing(), counts, writer->stats()};
}

/// In the order of the data: no new runs, what is under way ends, what is known is written, then the rest.
void Daemon::Impl::stop() {
  if (server) server->stop();
  if (thread.joinable()) {
    std::promise<void> idle;
    auto reached = idle.get_future();
    asio::post(io, [this, &idle] { scheduler->stop([&idle] { idle.set_value(); }); });
    const bool ended = reached.wait_for(kStopPatience) == std::future_status::ready;
    if (!ended) log::info("stopping with probes under way");
    io.stop();
    thread.join();
    pipeline->save();
    save_budgets();
  }
  std::unique_ptr<notify::Notifier> ending;
  {
    const std::lock_guard guard(notifier_guard);
    ending = std::move(notifier);
  }
  ending.reset();
  pipeline.reset();
  scheduler.reset();
  writer.reset();
}

Daemon::Daemon(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Daemon::~Daemon() = default;

Expected<std::unique_ptr<Daemon>, Obstacle> Daemon::start(config::Loaded loaded, const serve::Inherited& inherited) {
  try {
    auto impl = std::make_unique<Impl>(std::move(loaded));
    if (auto started = impl->start(inherited); !started) return Unexpected{std::move(started).error()};
    return std::unique_ptr<Daemon>(new Daemon(std::move(impl)));
  } catch (const std::exception& error) {
    return Unexpected{Obstacle{error.what()}};
  }
}

const config::Loaded& Daemon::configuration() const {
  return impl_->loaded;
}

bool Daemon::progressing() const {
  return impl_->progressing();
}

const std::vector<std::string>& Daemon::addresses() const {
  return impl_->addresses;
}

}  // namespace outaged::daemon
