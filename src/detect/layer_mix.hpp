#pragma once
// Where the failures of healthy days break, and what it says that those of now break at the same place.
//
// Failures that have nothing to do with one another break here and there: a time-out, an HTTP 503, a reset. Those of an
// outage have one cause, so most of them break at one layer. Let b(k) be the share of layer k among the failures in
// health (learned; of all probes, or of the failing probe's own where that is more), and let an outage of cause K break
// at K in nine cases of ten and else as in health. K is not known before: it is K with probability b(K), and with
// probability 0.15 the outage breaks all over the place. So the first failure says nothing by its layer; each further
// one is weighed by how likely it is after those before it (a Bayesian mixture of the causes): at the same layer up to
// ln(0.9 / b + 0.1) more than a failure by itself, the more the seldomer that layer is in health; a second one
// elsewhere about 1.2 less, one elsewhere after several alike 2.3 less, and a whole mixture about ln(0.15) = 1.9 less
// at most. Where b is not below its true value the mean factor in health is at most 1, and the bound on false alarms
// (threshold.hpp) stands.
#include <array>
#include <cstdint>
#include <span>

#include <nlohmann/json_fwd.hpp>

#include "core/vocabulary.hpp"

namespace outaged::detect {

class LayerMix {
 public:
  static constexpr std::size_t kLayers = static_cast<std::size_t>(Layer::local) + 1;
  /// Failures by layer, since some beginning.
  using Counts = std::array<std::uint8_t, kLayers>;

  LayerMix();

  /// A failure in health.
  void learn(Layer layer);
  /// The share of failures in health that break there; never so small that a single one would be a proof.
  [[nodiscard]] double share(Layer layer) const { return shares_[static_cast<std::size_t>(layer)]; }
  /// How much likelier, in nats, an outage makes it that the next failure breaks at `layer`, after those `before`.
  /// `own`: the share of the failing probe's failures in health that break there.
  [[nodiscard]] double agreement(const Counts& before, Layer layer, double own = 0) const;
  /// The same of all these failures together; in order of time.
  [[nodiscard]] double agreement(std::span<const Layer> failures) const;
  /// One more failure in `counts`, as far as more of them say anything.
  static void count(Counts& counts, Layer layer);

  [[nodiscard]] nlohmann::json save() const;
  void load(const nlohmann::json& saved);

 private:
  void share_out();

  std::array<double, kLayers> seen_{};  ///< exponentially forgetting counts
  std::array<double, kLayers> shares_{};
};

}  // namespace outaged::detect
