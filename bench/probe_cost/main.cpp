// probe-cost: CPU per 1,000 HTTPS probes through the whole daemon (schedule, probe, detection, store), 100 a second,
// new connection and full verified handshake each; against a bare libcurl-multi loop paced alike in the same run. hold:
// 10,000 probes every 10 s. memory: resident with 1,000 probes at rest.
#include <cstdio>
#include <fstream>
#include <future>

#include <malloc.h>

#include "base/file.hpp"
#include "base/log.hpp"
#include "line.hpp"
#include "outaged/daemon.hpp"
#include "probe_cost/nginx.hpp"
#include "probe_cost/reference_loop.hpp"
#include "store/reader.hpp"

namespace {

using namespace outaged;
using namespace std::chrono_literals;

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

void write(const std::string& path, const std::string& content) {
  if (!write_file_atomically(path, content)) throw std::runtime_error("cannot write " + path);
}

/// A configuration with so many probes of nginx, each a file as a user would write it.
config::Loaded configuration(const bench::Nginx& nginx, const std::string& folder, int probes,
                             const std::string& interval) {
  std::filesystem::create_directories(folder + "/probes");
  for (int i = 0; i < probes; ++i)
    write(fmt::format("{}/probes/{}.json", folder, i),
          fmt::format(R"({{"id": "p{0}", "component": "own/site-{1}", "title": "t", "interval": "{2}",
            "steps": [{{"http": {{"url": "https://127.0.0.1:{3}/"}}, "expect": {{"status": 200}}}}]}})",
                      i, i % 50, interval, nginx.port()));
  write(folder + "/outaged.json", fmt::format(R"({{"probes": {{"paths": ["probes"]}}, "store": {{"path": "outaged.db"}},
      "network": {{"ca_file": "{}"}}, "schedule": {{"max_running": 2000}}, "serve": {{"listen": ""}}, "log": {{"level": "error"}}}})",
                                              nginx.ca_file()));
  auto loaded = config::load(folder + "/outaged.json");
  if (!loaded) throw std::runtime_error(config::to_text(loaded.error()));
  return std::move(*loaded);
}

struct Measured {
  Micros cpu{0};
  std::size_t results = 0;
  std::size_t failed = 0;
  std::size_t late = 0;    ///< more than a quarter interval behind the run before
  std::size_t probes = 0;  ///< that ran at all
};

Measured run_daemon(config::Loaded loaded, Micros duration, Micros interval) {
  const auto database = loaded.settings.store.path;
  const Micros before = process_cpu_time();
  {
    auto daemon = daemon::Daemon::start(std::move(loaded));
    if (!daemon) throw std::runtime_error(daemon.error());
    std::promise<void>().get_future().wait_for(duration);
  }
  Measured out;
  out.cpu = process_cpu_time() - before;
  auto reader = store::Reader::open(database);
  if (!reader) throw std::runtime_error(reader.error());
  std::map<ProbeId, WallTime> last;
  for (const auto& result : reader->results_since(WallTime{})) {
    ++out.results;
    const auto [before_it, first] = last.try_emplace(result.probe, result.at);
    if (!first && result.at - before_it->second > interval + interval / 4) ++out.late;
    before_it->second = result.at;
    if (result.result_class != ResultClass::success) ++out.failed;
  }
  out.probes = last.size();
  return out;
}

}  // namespace

int main() {
  log::set_level(log::Level::error);
  const bench::Nginx nginx;
  const std::string url = fmt::format("https://127.0.0.1:{}/", nginx.port());
  const auto reference = bench::reference_loop({url, nginx.ca_file(), 2000, 100});
  const double bare = seconds(reference) / 2.0;
  const auto ours = run_daemon(configuration(nginx, nginx.folder() + "/cost", 1000, "10s"), 20s, 10s);
  bench::print(
      "probe-cost", seconds(ours.cpu) * 1000 / static_cast<double>(ours.results), bare, "CPU-s/1000 probes",
      fmt::format("{} probes at 100/s, {} failed, detection and store included; reference: bare libcurl multi loop",
                  ours.results, ours.failed));
  const auto held = run_daemon(configuration(nginx, nginx.folder() + "/hold", 10'000, "10s"), 35s, 10s);
  bench::print("hold", 100.0 * static_cast<double>(held.late) / static_cast<double>(held.results), 1.0, "% late",
               fmt::format("{} probes every 10 s, {} runs, {} failed; reference: the bound of 1 %", held.probes,
                           held.results, held.failed));
  return 0;
}
