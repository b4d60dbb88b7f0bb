#pragma once
// Time that passes while what is measured works.
#include <future>

#include "base/clock.hpp"

namespace outaged::bench {

inline void wait_for(Micros duration) {
  std::promise<void>().get_future().wait_for(duration);
}

}  // namespace outaged::bench
