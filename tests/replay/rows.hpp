#pragma once
// Rows for tests of replay: a small seeded world as a CSV file.
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/random.hpp"
#include "base/units.hpp"
#include "replay/csv_results.hpp"
#include "replay/report.hpp"
#include "replay/run.hpp"
#include "support/temporary_directory.hpp"

namespace outaged::test {

using namespace std::chrono_literals;

inline const WallTime kStart = *parse_time("2026-03-02T00:00:00Z");
inline const std::string kHeader = "timestamp,platform,function,probe,ok,latency_ms,error_kind\n";

struct Row {
  WallTime at;
  std::string platform;
  std::string function;
  std::string kind = {};  ///< of a failure; "": it worked
  int latency = 200;      ///< ms

  [[nodiscard]] std::string probe() const { return platform + "-" + function; }
  [[nodiscard]] std::string text() const {
    return fmt::format("{},{},{},{},{},{},{}\n", format_time(at), platform, function, probe(), kind.empty() ? 1 : 0,
                       latency, kind);
  }
};

/// What a component answers, minutes after the start: the kind of its failure, or "".
using Story = std::function<std::string(const std::string& platform, const std::string& function, double minute)>;

/// Nine components and three controls, each asked every `pace`, one after the other.
inline std::vector<Row> rows_of(const Story& story, Micros length = 3h, Micros pace = 60s) {
  std::vector<std::pair<std::string, std::string>> targets;
  for (const std::string platform : {"facebook", "instagram", "whatsapp"}) {
    for (const std::string function : {"login", "media-upload", "message"}) targets.emplace_back(platform, function);
  }
  for (const std::string host : {"one", "two", "three"}) targets.emplace_back("control", host);
  std::vector<Row> rows;
  for (WallTime at = kStart; at < kStart + length; at += pace) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const WallTime when = at + pace * static_cast<int>(i) / static_cast<int>(targets.size());
      const auto& [platform, function] = targets[i];
      const double minute = static_cast<double>((when - kStart).count()) / 60e6;
      const auto kind = story(platform, function, minute);
      rows.push_back({std::chrono::floor<std::chrono::milliseconds>(when), platform, function, kind,
                      kind == "timeout" ? 10'000 : 200});
    }
  }
  return rows;
}

inline std::string text_of(const std::vector<Row>& rows) {
  std::string text = kHeader;
  for (const Row& row : rows) text += row.text();
  return text;
}

inline bool within(double minute, double from, double to) {
  return minute >= from && minute < to;
}

/// Media upload fails everywhere from the 60th to the 100th minute.
inline std::string uploads_fail(const std::string& platform, const std::string& function, double minute) {
  return platform != "control" && function == "media-upload" && within(minute, 60, 100) ? "http_5xx" : "";
}

/// A file that exists as long as the object does.
class CsvFile {
 public:
  explicit CsvFile(const std::string& text) : path(directory_ / "results.csv") {
    std::ofstream{path, std::ios::binary} << text;
  }

 private:
  TemporaryDirectory directory_;

 public:
  std::string path;
};

struct Outcome {
  replay::Record record;
  replay::Rows rows;
  [[nodiscard]] nlohmann::json json() const { return replay::to_json(record, rows); }
};

inline Outcome replay_of(replay::ResultSource& source, Micros sample = 0s) {
  auto probes = source.probes();
  if (sample > 0s) {
    for (auto& probe : probes) probe.interval = sample;
  }
  replay::Replay replay{{}, {}, probes};
  const auto rows = sample > 0s ? replay::run_sampled(source, replay, sample, {}) : replay::run_all(source, replay);
  return {replay.record(), rows};
}

inline Outcome replay_of(const std::string& text, Micros sample = 0s) {
  const CsvFile file{text};
  auto source = replay::CsvResults::open(file.path);
  if (!source) throw std::runtime_error(source.error());
  return replay_of(*source, sample);
}

}  // namespace outaged::test
