#pragma once
// Our own network, judged by the control probes: unrelated hosts that do not fail together unless we are cut off.
#include <cstdint>
#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "detect/finding.hpp"
#include "detect/reach.hpp"
#include "detect/sequential_test.hpp"

namespace outaged::detect {

/// What the site watch found.
enum class SiteTurn { none, lost, back };

class SiteWatch {
 public:
  /// Control endpoints are numbered from 0; several probes of one endpoint are one witness.
  explicit SiteWatch(std::size_t endpoints) : witnesses_(endpoints) {}

  /// A control's conclusive result: something came back, so the way is open as far as `reach`, …
  SiteTurn reached(std::size_t endpoint, Reach reach, Moment known);
  /// … or nothing did.
  SiteTurn missed(std::size_t endpoint, Moment known);

  [[nodiscard]] bool checked() const { return !witnesses_.empty(); }
  [[nodiscard]] bool online() const { return online_; }
  /// How far the farthest control endpoint goes that can be trusted.
  [[nodiscard]] Reach farthest() const;
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
    Reach reach = Reach::gateway;      ///< of its latest answer
    Micros last_loss = Micros::min();  ///< own time
    Moment doubt_since;                ///< first failure of the present doubt
    bool out = false;                  ///< down itself, since before any loss: not asked for its opinion
    [[nodiscard]] bool in_doubt() const;
  };
  /// Those that go at least so far are not enough to be judged for themselves.
  [[nodiscard]] bool few_reach(Reach reach) const;
  [[nodiscard]] bool seems_lost() const;
  [[nodiscard]] bool seems_lost(Reach reach) const;
  [[nodiscard]] bool seems_back(Micros now) const;

  std::vector<Witness> witnesses_;
  bool online_ = true;
  Moment since_;
};

}  // namespace outaged::detect
