#pragma once
// What a result says: for or against an outage, or that we cannot ask.
#include <optional>

#include "core/result.hpp"
#include "detect/finding.hpp"

namespace outaged::detect {

/// What one result means for the question whether its component works.
struct Meaning {
  enum class Says { healthy, failing, nothing };
  Says says = Says::nothing;
  std::optional<ProblemKind> problem;  ///< why it says nothing, where somebody can do something about it
};

/// Whether the platform itself answered, so that the failure is a matter of what we expected.
bool answered(const Failure& failure);

/// `proven`: the probe has been seen healthy. Before that only failures below the platform's own answer count
/// (names, TCP, TLS, no reply, gateway pages): an answer that was never right may be our own wrong expectation.
Meaning meaning_of(const Result& result, bool proven);

}  // namespace outaged::detect
