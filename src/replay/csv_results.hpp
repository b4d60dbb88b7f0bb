#pragma once
// Results from a CSV file (docs/cli.md, "replay"): one row, one result. Read as a stream, in bounded memory. The
// columns stand in the header in any order; columns that are not known are ignored.
#include <map>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "detect/detector.hpp"
#include "replay/lines.hpp"
#include "replay/source.hpp"

namespace outaged::replay {

class CsvResults final : public ResultSource {
 public:
  /// Reads the whole file once, to know its probes and to find its faults. An error is a sentence with file and line.
  static Expected<CsvResults, std::string> open(const std::string& path);

  std::optional<Result> next() override;
  [[nodiscard]] const std::vector<detect::ProbeInfo>& probes() const override { return probes_; }

 private:
  /// Where a row keeps what; -1 for a column that is not there.
  struct Columns {
    int timestamp = -1, platform = -1, function = -1, probe = -1, ok = -1, latency = -1, kind = -1, site = -1;
  };
  CsvResults(std::string path, Lines lines) : path_(std::move(path)), lines_(std::move(lines)) {}
  /// To the first row.
  void begin();
  void count_sites();
  void find_probes();
  /// The next row's result; nothing at the end. Throws std::invalid_argument with what is wrong in it.
  std::optional<Result> read();
  void read_header();
  [[nodiscard]] std::string here(const std::string& what) const;

  std::string path_;
  Lines lines_;
  Columns columns_;
  bool one_site_ = true;  ///< then a probe's name is enough to tell it from others
  std::vector<std::string_view> fields_;
  std::vector<std::string> unquoted_;
  std::vector<detect::ProbeInfo> probes_;
};

}  // namespace outaged::replay
