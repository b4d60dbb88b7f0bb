#pragma once
// The recent conclusive results of one component, kept to say what an outage looks like: its share, layer and kinds.
// Bounded; the tests do not depend on it.
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "detect/finding.hpp"

namespace outaged::detect {

/// One conclusive result, as far as detection needs it.
struct Observation {
  std::size_t probe = 0;  ///< index in the detector's list
  Micros began{0};        ///< own time (timeline.hpp)
  Micros known{0};        ///< own time
  WallTime at{};          ///< when the run began, to be shown
  bool failed = false;
  bool slow = false;
  Layer layer = Layer::local;  ///< of the failure
  std::string kind;
  std::string detail;
};

class Window {
 public:
  static constexpr std::size_t kLength = 40;
  static constexpr Micros kSpan = std::chrono::minutes{10};

  void add(const Observation& observation);
  /// Results known at or after `own` are withdrawn.
  void withdraw_since(Micros own);

  /// What the last `most` results say that were known at or after `since`.
  struct Count {
    int attempts = 0;
    int failures = 0;
    int slow = 0;
    [[nodiscard]] double share() const { return attempts == 0 ? 0 : static_cast<double>(failures) / attempts; }
  };
  [[nodiscard]] Count count(Micros since, std::size_t most = kLength) const;

  /// The same in full; `names` gives the probes' ids by index.
  [[nodiscard]] Evidence evidence(Micros since, const std::vector<ProbeId>& names) const;

  /// When the latest result became known; nothing when there is none.
  [[nodiscard]] std::optional<Micros> last_known() const;

  /// When the first failure became known that did so at or after `since`.
  [[nodiscard]] std::optional<Micros> first_failure(Micros since) const;

  /// The layer of most of the last ten failures (the first four, where none is believed yet) known at or after `since`,
  /// when not one of these is of the layer `believed`: less would change to and fro where two layers fail alike.
  [[nodiscard]] std::optional<Layer> other_layer(Micros since, std::optional<Layer> believed) const;

  /// What became known before is not held any more.
  [[nodiscard]] Micros held_since() const { return entries_.size() < kLength ? Micros::min() : entries_.front().known; }

  [[nodiscard]] nlohmann::json save(const std::vector<ProbeId>& names) const;
  /// `index_of` gives a probe's index, or nothing when it is gone.
  void load(const nlohmann::json& saved, const std::map<std::string, std::size_t>& index_of);

 private:
  struct Entry {
    std::uint32_t probe = 0;
    Micros known{0};
    bool failed = false;
    bool slow = false;
    Layer layer = Layer::local;
    std::uint16_t kind = 0;  ///< index in kinds_
  };
  std::uint16_t kind_index(const std::string& kind);

  std::deque<Entry> entries_;
  std::vector<std::string> kinds_;
  std::string example_;
};

}  // namespace outaged::detect
