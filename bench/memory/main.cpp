// memory: what the daemon, as it is shipped, keeps resident with 1,000 probes at rest, and for each HTTPS probe whose
// target takes the request and does not answer.
#include <fstream>
#include <stdexcept>

#include "base/clock.hpp"
#include "line.hpp"
#include "many_probes.hpp"
#include "nginx.hpp"

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

/// Resident memory of outaged after `time` of probing `url`.
double resident_after(const bench::Nginx& nginx, const std::string& name, const std::string& url,
                      std::chrono::milliseconds time) {
  const auto path = bench::write_configuration({.folder = nginx.folder() + "/" + name,
                                                .url = url,
                                                .ca_file = nginx.ca_file(),
                                                .probes = kProbes,
                                                .interval = "15s",
                                                .timeout = "120s"});
  test::Process daemon(OUTAGED_PROGRAM, {"--config", path}, nginx.folder() + "/" + name + ".log");
  if (daemon.wait(time)) throw std::runtime_error("outaged ended: " + daemon.log());
  return resident_kib(daemon.pid());
}

}  // namespace

int main() {
  const bench::Nginx nginx;
  // Every probe has run twice; then they rest for the moment, but for the few that are just being asked.
  const double rest = resident_after(nginx, "rest", nginx.url(), 35s);
  bench::print("memory-at-rest", rest / 1024, 30, "MiB", fmt::format("{} probes; reference: the bound", kProbes));
  // Within the first interval every probe has begun and none has ended.
  const double in_flight = resident_after(nginx, "in-flight", nginx.silent_url(), 20s);
  bench::print("memory-in-flight", (in_flight - rest) / kProbes, 60, "KiB/probe",
               fmt::format("{} HTTPS requests under way; reference: the bound", kProbes));
  return 0;
}
