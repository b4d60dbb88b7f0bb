#pragma once
// Was it us? When several things fail without an answer, our own network may be the reason. It is cleared by those that
// were asked in the same minutes and worked: the control probes first, and everything outside the suspected outage.
#include "base/clock.hpp"

namespace outaged::detect {

/// Attempts between the first and the last failure of a suspected outage.
struct Attempts {
  int failed = 0;
  int all = 0;
};

/// Logarithm of how much likelier this is when only those `inside` are hit than when our own network loses everything
/// alike (a Bayes factor). The share of what is lost is not known: half of the belief is a total loss, half is any
/// share, all alike likely. In an outage of theirs those `outside` fail as rarely as ever.
double alibi(Attempts inside, Attempts outside);

}  // namespace outaged::detect
