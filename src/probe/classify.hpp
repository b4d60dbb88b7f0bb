#pragma once
// What does a failed step mean? Decides the class: the platform's failure, a block against us, our own fault, our own
// network. Pure. Everything that nobody has described is inconclusive (our_fault) with its evidence, never an outage.
#include <string_view>
#include <vector>

#include "probe/answer.hpp"

namespace outaged::probe {

/// Failure::kind of an answer unlike those that its target usually gives.
inline constexpr std::string_view kStrange = "fingerprint";

/// Of a redirect that comes after as many as the step follows.
inline constexpr std::string_view kTooManyRedirects = "too_many_redirects";

struct Verdict {
  ResultClass result_class = ResultClass::our_fault;
  Failure failure;
};

/// A request that came to no answer.
Verdict classify_transport(Failure failure);

/// An answer that was not as expected. Rules in order: the step's, then the tables'; the first that fits decides.
/// Without one: a gateway's page, a broken body and a missing JSON are the platform's failure; any other status is a
/// block for anonymous visitors and our fault for those with credentials.
Verdict classify_answer(Failure unmet, const Answer& answer, const std::vector<ClassifyRule>& rules,
                        const std::vector<ClassifyRule>& table, Tier tier);

}  // namespace outaged::probe
