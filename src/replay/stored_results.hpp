#pragma once
// The stored results as a source for a replay, read a few hours at a time.
#include <string>

#include "base/expected.hpp"
#include "replay/source.hpp"
#include "store/reader.hpp"

namespace outaged::replay {

class StoredResults final : public ResultSource {
 public:
  /// Results that began from `since` up to, not including, `until`. An error is a sentence.
  static Expected<StoredResults, std::string> open(const std::string& database, WallTime since, WallTime until);

  std::optional<Result> next() override;
  [[nodiscard]] const std::vector<detect::ProbeInfo>& probes() const override { return probes_; }

 private:
  StoredResults(store::Reader reader, WallTime since, WallTime until)
      : reader_(std::move(reader)), from_(since), until_(until) {}

  store::Reader reader_;
  WallTime from_;
  WallTime until_;
  std::vector<Result> batch_;
  std::size_t read_ = 0;
  std::vector<detect::ProbeInfo> probes_;
};

}  // namespace outaged::replay
