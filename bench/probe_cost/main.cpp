// probe-cost: CPU per 1,000 HTTPS probes through the whole daemon (schedule, probe, detection, store), 100 a second,
// new connection and full verified handshake each; against a bare libcurl-multi loop paced alike at the same time
// towards the same server, so that what the machine does beside it slows both. Starting the daemon is not counted: it
// is done once. hold: 10,000 probes every 10 s.
#include <cstdio>
#include <functional>

#include "base/log.hpp"
#include "line.hpp"
#include "many_probes.hpp"
#include "nginx.hpp"
#include "outaged/daemon.hpp"
#include "probe_cost/reference_loop.hpp"
#include "store/reader.hpp"
#include "wait.hpp"

namespace {

using namespace outaged;
using namespace std::chrono_literals;

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

config::Loaded configuration(const bench::Nginx& nginx, const std::string& name, int probes) {
  const auto path = bench::write_configuration(
      {.folder = nginx.folder() + "/" + name, .url = nginx.url(), .ca_file = nginx.ca_file(), .probes = probes});
  auto loaded = config::load(path);
  if (!loaded) throw std::runtime_error(config::to_text(loaded.error()));
  return std::move(*loaded);
}

struct Measured {
  Micros cpu{0};
  std::size_t results = 0;
  std::size_t failed = 0;
  std::size_t late = 0;    ///< more than a quarter interval behind the beat of their probe, or never begun
  std::size_t probes = 0;  ///< that ran at all
  Micros last_start{0};    ///< when the last of them began for the first time
};

/// `meanwhile` is run in this thread while the daemon works; what it takes of the CPU is not the daemon's.
Measured run_daemon(config::Loaded loaded, Micros start_up, Micros interval, const std::function<void()>& meanwhile) {
  const auto database = loaded.settings.store.path;
  WallTime began;
  WallTime ended;
  Measured out;
  {
    auto daemon = daemon::Daemon::start(std::move(loaded));
    if (!daemon) throw std::runtime_error(daemon.error().reason);
    bench::wait_for(start_up);
    began = wall_clock_now();
    const Micros before = process_cpu_time() - thread_cpu_time();
    meanwhile();
    out.cpu = process_cpu_time() - thread_cpu_time() - before;
    ended = wall_clock_now();
  }
  auto reader = store::Reader::open(database);
  if (!reader) throw std::runtime_error(reader.error());
  // The beats of a probe are those that follow from its first run: what is late once makes no later run punctual.
  std::map<ProbeId, WallTime> next;
  WallTime last_first = began;
  const auto late = interval / 4;
  for (const auto& result : reader->results_since(began)) {
    if (result.at >= ended) continue;
    ++out.results;
    if (result.result_class != ResultClass::success) ++out.failed;
    const auto [beat, first] = next.try_emplace(result.probe, result.at);
    if (first) last_first = std::max(last_first, result.at);
    for (; result.at - beat->second > interval; beat->second += interval) ++out.late;  // beats that were missed
    if (result.at - beat->second > late) ++out.late;
    beat->second += interval;
  }
  for (const auto& [probe, beat] : next)
    for (auto due = beat; ended - due > late; due += interval) ++out.late;
  out.probes = next.size();
  out.last_start = last_first - began;
  return out;
}

}  // namespace

int main() {
  log::set_level(log::Level::error);
  const bench::Nginx nginx;
  Micros reference{0};
  const auto ours = run_daemon(configuration(nginx, "cost", 1000), 3s, 10s, [&] {
    reference = bench::reference_loop({nginx.url(), nginx.ca_file(), 3000, 100});
  });
  const double bare = seconds(reference) / 3.0;
  bench::print(
      "probe-cost", seconds(ours.cpu) * 1000 / static_cast<double>(ours.results), bare, "CPU-s/1000 probes",
      fmt::format("{} probes at 100/s, {} failed, detection and store included; reference: bare libcurl multi loop",
                  ours.results, ours.failed));
  const auto held = run_daemon(configuration(nginx, "hold", 10'000), 0s, 10s, [] { bench::wait_for(35s); });
  bench::print(
      "hold", 100.0 * static_cast<double>(held.late) / static_cast<double>(held.results), 1.0, "% late",
      fmt::format("{} probes every 10 s, all begun after {:.1f} s, {} runs, {} failed; reference: the bound of 1 %",
                  held.probes, seconds(held.last_start), held.results, held.failed));
  return 0;
}
