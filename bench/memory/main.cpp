// memory: what the daemon, as it is shipped, keeps resident with 1,000 probes at rest, when its windows and caches have
// filled, and when somebody has looked; and for each HTTPS probe whose target takes the request and does not answer.
#include <fstream>
#include <stdexcept>

#include "base/clock.hpp"
#include "get.hpp"
#include "line.hpp"
#include "many_probes.hpp"
#include "nginx.hpp"
#include "support/free_port.hpp"

namespace {

using namespace outaged;
using namespace std::chrono_literals;

constexpr int kProbes = 1000;

double resident_kib(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6));
  }
  throw std::runtime_error("no VmRSS");
}

struct Load {
  std::string name;
  std::string url;
  std::string interval;
  int speed = 1;                   ///< of the daemon's clock
  std::chrono::milliseconds time;  ///< how long it probes, real
};

/// What a visitor asks for: the page and everything that it shows.
void look(int port) {
  for (const std::string path : {"/", "/api/v1/status", "/api/v1/components", "/api/v1/probes", "/api/v1/incidents",
                                 "/metrics", "/api/v1/results?limit=1000"})
    bench::get(fmt::format("http://127.0.0.1:{}{}", port, path));
}

/// Resident memory of outaged under a load, in KiB; and after everything was looked at.
struct Resident {
  double before = 0;
  double looked_at = 0;
};
Resident resident(const bench::Nginx& nginx, const Load& load) {
  const int port = test::free_port();
  const auto path = bench::write_configuration({.folder = nginx.folder() + "/" + load.name,
                                                .url = load.url,
                                                .ca_file = nginx.ca_file(),
                                                .probes = kProbes,
                                                .interval = load.interval,
                                                .timeout = "120s",
                                                .port = port,
                                                .speed = load.speed});
  test::Process daemon(OUTAGED_PROGRAM, {"--config", path}, nginx.folder() + "/" + load.name + ".log");
  if (daemon.wait(load.time)) throw std::runtime_error("outaged ended: " + daemon.log());
  Resident out{.before = resident_kib(daemon.pid())};
  look(port);
  out.looked_at = resident_kib(daemon.pid());
  return out;
}

}  // namespace

int main() {
  const bench::Nginx nginx;
  const auto rest = resident(nginx, {"rest", nginx.url(), "60s", 10, 3min});
  bench::print("memory-at-rest", rest.before / 1024, 30, "MiB",
               fmt::format("{} probes a minute for half an hour; reference: the bound", kProbes));
  bench::print("memory-looked-at", rest.looked_at / 1024, 30, "MiB",
               "the same after page, API and metrics were asked for; reference: the bound at rest");
  // Every probe has run twice, as a reference for the next.
  const auto fresh = resident(nginx, {"fresh", nginx.url(), "15s", 1, 35s});
  // Within the first interval every probe has begun and none has ended.
  const auto in_flight = resident(nginx, {"in-flight", nginx.silent_url(), "15s", 1, 20s});
  bench::print("memory-in-flight", (in_flight.before - fresh.before) / kProbes, 60, "KiB/probe",
               fmt::format("{} HTTPS requests under way; reference: the bound", kProbes));
  return 0;
}
