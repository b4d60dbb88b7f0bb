#pragma once
// What a peer program used.
#include "base/clock.hpp"

namespace outaged::bench {

struct Rate {
  int requests = 0;
  int per_second = 0;
};

struct Used {
  Micros cpu{0};
  int requests = 0;
  int failed = 0;
};

}  // namespace outaged::bench
