#pragma once
// What a platform says in its answers' headers of how much we ask of it. It says nothing about whether the platform
// works; it decides how often we ask.
#include <algorithm>
#include <optional>

#include "base/clock.hpp"

namespace outaged {

struct Usage {
  /// Of what the platform allows, by the limit that is nearest; nothing when the answers did not say it.
  std::optional<int> percent;
  Micros regain{0};       ///< until the platform serves us again, as it estimates; zero when it does not
  Micros retry_after{0};  ///< for how long who turned us away wants us to wait; zero when it did not say it
  bool operator==(const Usage&) const = default;

  /// The stricter of both.
  void add(const Usage& other) {
    if (other.percent) percent = std::max(percent.value_or(0), *other.percent);
    regain = std::max(regain, other.regain);
    retry_after = std::max(retry_after, other.retry_after);
  }
};

}  // namespace outaged
