#pragma once
// Where a replay's results come from: a CSV file or the stored results.
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "detect/detector.hpp"

namespace outaged::replay {

class ResultSource {
 public:
  ResultSource() = default;
  ResultSource(const ResultSource&) = delete;
  ResultSource(ResultSource&&) = default;
  ResultSource& operator=(const ResultSource&) = delete;
  ResultSource& operator=(ResultSource&&) = default;
  virtual ~ResultSource() = default;

  /// The next result by time of beginning (a few seconds of disorder are the reader's to mend); nothing at the end.
  virtual std::optional<Result> next() = 0;
  /// All probes that occur, in a fixed order.
  [[nodiscard]] virtual const std::vector<detect::ProbeInfo>& probes() const = 0;
};

}  // namespace outaged::replay
