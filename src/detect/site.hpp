#pragma once
// Our own network, judged by the control probes: unrelated hosts that do not fail together unless we are cut off.
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "detect/depth.hpp"
#include "detect/finding.hpp"
#include "detect/sequential_test.hpp"

namespace outaged::detect {

/// What the site watch found.
enum class SiteTurn { none, lost, back };

class SiteWatch {
 public:
  /// Control endpoints are numbered from 0; several probes of one endpoint are one witness.
  explicit SiteWatch(std::size_t endpoints) : witnesses_(endpoints) {}

  /// A control's conclusive result: it was answered, so the way is open so deep, …
  SiteTurn reached(std::size_t endpoint, Depth depth, Moment known);
  /// … or not as it should have been.
  SiteTurn missed(std::size_t endpoint, Moment known);
  /// Anybody, control or not, was answered so deep in a run begun then (own time). To be told before the two above.
  SiteTurn answered(Depth depth, Micros began, Moment known);
  /// A probe that is no control was not answered.
  void unanswered() { answers_in_a_row_ = 0; }

  [[nodiscard]] bool checked() const { return !witnesses_.empty(); }
  [[nodiscard]] bool online() const { return online_; }
  /// How deep the deepest control endpoint goes that can be trusted.
  [[nodiscard]] Depth deepest() const;
  /// False for an endpoint that has been down itself since before any loss.
  [[nodiscard]] bool trusts(std::size_t endpoint) const { return !witnesses_.at(endpoint).out; }
  /// The share of control attempts that fail now: the noise of our own network.
  [[nodiscard]] double noise() const;
  /// When the present state of the network began.
  [[nodiscard]] Moment since() const { return since_; }
  [[nodiscard]] int failing() const;
  [[nodiscard]] int trusted() const;

  [[nodiscard]] nlohmann::json save() const;
  /// Nothing is taken over when the number of endpoints is another one.
  void load(const nlohmann::json& saved);

 private:
  struct Witness {
    double failing = 0;  ///< exponentially weighted share of failures
    int lost_in_a_row = 0;
    int reached_in_a_row = 0;
    Depth depth = Depth::http;             ///< of its latest answer; as long as it has had none, of a host over HTTP
    Micros heard = Micros::min();          ///< latest result; own time, like the two below
    Micros last_loss = Micros::min();      ///< latest miss
    Micros missing_since = Micros::min();  ///< first of the latest misses in a row
    Moment doubt_since;                    ///< first failure of the present doubt
    bool out = false;                      ///< down itself: not asked for its opinion
    [[nodiscard]] bool in_doubt() const;
    [[nodiscard]] bool away() const;
    [[nodiscard]] bool unheard() const { return heard == Micros::min(); }
    [[nodiscard]] bool counts() const { return !out && !unheard(); }
  };
  /// Those that count and go so deep: how many, how many in doubt or away, how much they miss together, since when.
  struct Group {
    int all = 0;
    int doubtful = 0;
    int away = 0;
    double loss = 0;
    Micros missing_since = Micros::max();
    int unheard = 0;  ///< beside them, that will be asked or cannot be
  };
  [[nodiscard]] Group group(Depth depth) const;
  /// The depth from which on a control judges.
  [[nodiscard]] Depth judging() const;
  [[nodiscard]] bool open_since(Depth depth, Micros own) const;
  [[nodiscard]] bool well_answered(Depth depth) const;
  [[nodiscard]] bool seems_lost() const;
  [[nodiscard]] bool seems_back(Micros now) const;
  SiteTurn turn_back(Moment known);

  std::vector<Witness> witnesses_;
  /// For each depth: begin of the latest run that was answered so deep and no deeper.
  std::array<Micros, kDepths.size()> answered_ = {Micros::min(), Micros::min(), Micros::min(), Micros::min(),
                                                  Micros::min()};
  int answers_in_a_row_ = 0;  ///< with no miss of anybody's between
  bool online_ = true;
  Moment since_;
  Micros lost_at_ = Micros::min();  ///< when the latest loss was found; own time
};

}  // namespace outaged::detect
