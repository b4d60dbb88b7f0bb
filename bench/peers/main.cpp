// peers: CPU per 1,000 HTTPS requests of what people run instead, where it is installed, paced as probe-cost is: 100 a
// second, a new connection and full handshake each; against a bare libcurl-multi loop beside it at the same time.
#include <functional>
#include <thread>

#include "base/clock.hpp"
#include "line.hpp"
#include "nginx.hpp"
#include "peers/blackbox.hpp"
#include "peers/check_http.hpp"
#include "probe_cost/reference_loop.hpp"

namespace {

using namespace outaged;

using Peer = std::optional<bench::Used> (*)(const bench::Nginx&, bench::Rate, const std::function<void()>&);

void measure(const char* name, const char* note, const bench::Nginx& nginx, Peer peer) {
  constexpr bench::Rate kRate{.requests = 3000, .per_second = 100};
  Micros reference{0};
  std::optional<bench::Used> used;
  {
    std::jthread bare;
    used = peer(nginx, kRate, [&] {
      bare = std::jthread([&] {
        reference = bench::reference_loop({nginx.url(), nginx.ca_file(), kRate.requests, kRate.per_second});
      });
    });
  }
  if (!used) {
    fmt::print(stderr, "{}: not installed\n", name);
    return;
  }
  const auto per_thousand = [](Micros cpu, int requests) {
    return std::chrono::duration<double>(cpu).count() * 1000 / requests;
  };
  bench::print(name, per_thousand(used->cpu, used->requests), per_thousand(reference, kRate.requests),
               "CPU-s/1000 probes",
               fmt::format("{}: {} requests at 100/s, {} failed; reference: bare libcurl multi loop", note,
                           used->requests, used->failed));
}

}  // namespace

int main() {
  const bench::Nginx nginx;
  measure("peer-check-http", "a process of check_http each, certificate not checked, no store", nginx,
          &bench::check_http);
  measure("peer-blackbox", "blackbox_exporter, 1000 targets scraped and stored by Prometheus every 10 s", nginx,
          &bench::blackbox);
  return 0;
}
