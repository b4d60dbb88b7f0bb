// replay: rows of a CSV file per second, read, checked and judged, against a bare loop that only reads the lines.
#include <fstream>
#include <string>

#include "base/units.hpp"
#include "line.hpp"
#include "replay/csv_results.hpp"
#include "replay/run.hpp"
#include "support/temporary_directory.hpp"

namespace {

using namespace outaged;
using namespace std::chrono_literals;

constexpr int kRows = 1'000'000;
constexpr int kProbes = 15;

double seconds_since(Instant begin) {
  return std::chrono::duration<double>(MonotonicClock::now() - begin).count();
}

void write_rows(const std::string& path) {
  std::ofstream file{path};
  file << "timestamp,platform,function,probe,ok,latency_ms,error_kind\n";
  const WallTime begin = *parse_time("2026-02-02T00:00:00Z");
  for (int i = 0; i < kRows; ++i) {
    const int probe = i % kProbes;
    const bool failed = i % 311 == 0;
    const auto at = format_time(begin + std::chrono::minutes{i / kProbes} + std::chrono::milliseconds{3999 * probe});
    if (probe >= 12) {
      file << fmt::format("{},control,web,control-{},1,{},\n", at, probe, 20 + i % 7);
    } else {
      file << fmt::format("{},platform-{},function-{},probe-{},{},{},{}\n", at, probe / 4, probe % 4, probe,
                          failed ? 0 : 1, 150 + i % 97, failed ? "http_5xx" : "");
    }
  }
}

double replayed(const std::string& path) {
  const Instant begin = MonotonicClock::now();
  auto source = replay::CsvResults::open(path);
  if (!source) throw std::runtime_error(source.error());
  replay::Replay replay{{}, {}, source->probes()};
  const auto rows = replay::run_all(*source, replay);
  return static_cast<double>(rows.used) / seconds_since(begin);
}

double only_read(const std::string& path) {
  const Instant begin = MonotonicClock::now();
  std::ifstream file{path};
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) ++lines;
  return lines / seconds_since(begin);
}

}  // namespace

int main() {
  const test::TemporaryDirectory directory;
  write_rows(directory / "results.csv");
  const double ours = replayed(directory / "results.csv");
  bench::print("replay", ours, only_read(directory / "results.csv"), "rows/s",
               fmt::format("{} rows in {:.1f} s, read twice; reference: a loop of getline", kRows, kRows / ours));
  return 0;
}
