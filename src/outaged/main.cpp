// outaged: the daemon. Reads its configuration, starts everything, and waits for signals: SIGHUP takes a new
// configuration, SIGTERM and SIGINT end it.
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>

#include "base/log.hpp"
#include "config/configuration.hpp"
#include "config/paths.hpp"
#include "outaged/daemon.hpp"
#include "outaged/start_up_memory.hpp"
#include "outaged/supervisor.hpp"

namespace {

using namespace outaged;

enum ExitCode : int { kOk = 0, kUsage = 64, kUnavailable = 69, kBadConfiguration = 78 };

void apply_log_settings(const config::Loaded& loaded) {
  log::set_level(loaded.settings.log.level);
  log::set_redactor(loaded.redactor);
}

std::size_t active_probes(const config::Loaded& loaded) {
  return static_cast<std::size_t>(std::ranges::count_if(loaded.catalog, &probe::CatalogEntry::active));
}

using Started = Expected<std::unique_ptr<daemon::Daemon>, Obstacle>;

Started start(config::Loaded loaded, const daemon::Supervisor& supervisor) {
  apply_log_settings(loaded);
  const auto probes = active_probes(loaded);
  const auto database = loaded.settings.store.path;
  auto started = daemon::Daemon::start(std::move(loaded), supervisor.sockets());
  if (!started) return started;
  for (const auto& address : (*started)->addresses()) log::info("listening", {{"address", address}});
  log::info("ready", {{"probes", probes}, {"database", database}});
  return started;
}

void tell_ready(const daemon::Daemon& running, const daemon::Supervisor& supervisor) {
  supervisor.ready(fmt::format("{} probes active", active_probes(running.configuration())));
}

/// A supervisor tries again after kUnavailable, and not after kBadConfiguration.
ExitCode code_of(const Obstacle& obstacle) {
  return obstacle.outlook == Outlook::lasting ? kBadConfiguration : kUnavailable;
}

/// Signals are waited for by the main thread alone; all others are started with them blocked.
sigset_t blocked_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGTERM, SIGINT}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  return set;
}

/// The next signal, or 0 after `patience`.
int wait_for_signal(const sigset_t& signals, std::optional<Micros> patience) {
  constexpr Micros kForever = std::chrono::hours{1};
  const auto wait = patience.value_or(kForever);
  timespec bound{};
  bound.tv_sec = std::chrono::floor<std::chrono::seconds>(wait).count();
  bound.tv_nsec = std::chrono::nanoseconds{wait % std::chrono::seconds{1}}.count();
  const int number = sigtimedwait(&signals, nullptr, &bound);
  return number > 0 ? number : 0;
}

void tell_refused(const daemon::Supervisor& supervisor) {
  supervisor.ready("A new configuration was refused; the one before runs on (see the log)");
}

/// What `loaded` says in place of what runs; or, when that cannot start, what ran before. The error: neither can.
Started replace(std::unique_ptr<daemon::Daemon> running, config::Loaded loaded, const daemon::Supervisor& supervisor) {
  config::Loaded before = running->configuration();
  // Both want the same database and mostly the same sockets.
  running.reset();
  auto started = start(std::move(loaded), supervisor);
  if (started) {
    tell_ready(**started, supervisor);
    return started;
  }
  log::error("new configuration refused, the one before is started again", {{"reason", started.error().reason}});
  supervisor.alive();
  auto again = start(std::move(before), supervisor);
  if (again) tell_refused(supervisor);
  return again;
}

/// A faulty configuration is refused with its faults, and the running one stays.
Started reload(const std::string& path, std::unique_ptr<daemon::Daemon> running, const daemon::Supervisor& supervisor) {
  supervisor.reloading();
  auto loaded = config::load(path);
  if (!loaded) {
    log::error("new configuration refused, the running one stays", {{"faults", config::to_text(loaded.error())}});
    tell_refused(supervisor);
    return running;
  }
  return replace(std::move(running), std::move(*loaded), supervisor);
}

int run(const std::string& path, config::Loaded loaded) {
  const sigset_t signals = blocked_signals();
  const auto supervisor = daemon::Supervisor::from_environment();
  if (!supervisor) {
    fmt::print(stderr, "outaged: {}\n", supervisor.error());
    return kUnavailable;
  }
  auto started = start(std::move(loaded), *supervisor);
  if (!started) {
    fmt::print(stderr, "outaged: {}\n", started.error().reason);
    return code_of(started.error());
  }
  auto running = std::move(*started);
  tell_ready(*running, *supervisor);
  daemon::release_start_up_memory();
  for (;;) {
    const int number = wait_for_signal(signals, supervisor->watchdog());
    if (number == 0) {
      if (running->progressing()) supervisor->alive();
      continue;
    }
    if (number != SIGHUP) break;
    auto reloaded = reload(path, std::move(running), *supervisor);
    if (!reloaded) {
      log::error("the configuration before cannot be started again", {{"reason", reloaded.error().reason}});
      return code_of(reloaded.error());
    }
    running = std::move(*reloaded);
    daemon::release_start_up_memory();
  }
  supervisor->stopping();
  log::info("stopping");
  return kOk;
}

}  // namespace

int main(int argc, char** argv) {
  // The threads seldom allocate at the same time; a heap for each would hold several times what they need.
  mallopt(M_ARENA_MAX, 1);
  CLI::App app{"Watches WhatsApp, Instagram and Facebook for outages of what people do there."};
  std::string path;
  bool check = false;
  app.add_option("--config", path, "Configuration file. Default: $OUTAGED_CONFIG, else /etc/outaged/outaged.json");
  app.add_flag("--check", check, "Check the configuration and all probe files, and exit");
  app.set_version_flag("--version", std::string{OUTAGED_VERSION});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  if (path.empty()) path = config::default_configuration();
  if (path.empty()) {
    fmt::print(stderr, "outaged: no configuration: give --config FILE (config/outaged.json is the shipped one)\n");
    return kUsage;
  }
  auto loaded = config::load(path);
  if (!loaded) {
    fmt::print(stderr, "{}outaged: {} fault(s) in the configuration; nothing was started or changed\n",
               config::to_text(loaded.error()), loaded.error().size());
    return kBadConfiguration;
  }
  if (check) {
    fmt::print("{}: right ({} probes, {} of them active)\n", path, loaded->catalog.size(), active_probes(*loaded));
    return kOk;
  }
  return run(path, std::move(*loaded));
}
