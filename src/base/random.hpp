#pragma once
// Randomness that is handed in, so that a test or a replay can hand in a seed.
#include <cstdint>
#include <random>

namespace outaged {

/// A seeded generator (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
/// 8 bytes of state, the same numbers on every platform. Not for keys or tokens. One thread.
class Random {
 public:
  using result_type = std::uint64_t;
  explicit Random(std::uint64_t seed) : state_(seed) {}
  /// A seed that differs from run to run.
  static Random unpredictable() {
    std::random_device device;
    return Random{(static_cast<std::uint64_t>(device()) << 32U) | device()};
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>((*this)() >> 11U) * 0x1.0p-53; }
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform in [0, bound); bound > 0. The bias is below bound / 2^64.
  std::uint64_t below(std::uint64_t bound) { return (*this)() % bound; }
  bool chance(double probability) { return uniform() < probability; }

 private:
  std::uint64_t state_;
};

}  // namespace outaged
