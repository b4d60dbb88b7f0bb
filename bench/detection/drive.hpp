#pragma once
// Lets a monitor watch a world: each probe is asked on its interval, and at the re-checks that the monitor wants when
// they are granted; results are handed over in the order in which they become known.
#include <vector>

#include "detection/judge.hpp"
#include "detection/world.hpp"

namespace outaged::bench {

/// Whatever turns results into incidents: our detector, or one of the rules in use.
class Monitor {
 public:
  Monitor() = default;
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  virtual ~Monitor() = default;
  /// Takes in a result; returns the re-checks that it wants.
  virtual std::vector<detect::Recheck> take(const Result& result) = 0;
  /// What it has shown, in order of opening.
  [[nodiscard]] virtual std::vector<Shown> shown() const = 0;
};

enum class Rechecks { denied, granted };

/// The number of results.
std::size_t drive(World& world, Monitor& monitor, Rechecks rechecks);

}  // namespace outaged::bench
