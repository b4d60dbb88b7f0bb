#pragma once
// What does a failed step mean? Decides the class: the platform's failure, a block against us, our own fault, our own
// network. Pure. Everything that nobody has described is inconclusive (our_fault) with its evidence, never an outage.
#include <string_view>
#include <vector>

#include "probe/answer.hpp"

namespace outaged::probe {

/// Failure::kind of an answer unlike those that its target usually gives.
inline constexpr std::string_view kStrange = "fingerprint";
/// Of a list that is there, no entry such as a step wants to save: what is in it is its owner's affair.
inline constexpr std::string_view kNoEntry = "no_entry";
/// Where a picture was expected, a film, or a picture of a kind that is not decoded here.
inline constexpr std::string_view kOtherMedia = "other_media";

/// Of a redirect that comes after as many as the step follows.
inline constexpr std::string_view kTooManyRedirects = "too_many_redirects";

struct Verdict {
  ResultClass result_class = ResultClass::our_fault;
  Failure failure;
};

/// A request that came to no answer.
Verdict classify_transport(Failure failure);

/// Whether the rules know this answer as the platform's failure or as a block: nothing to expect, or to get used to.
bool is_known_trouble(const Answer& answer, const std::vector<ClassifyRule>& rules,
                      const std::vector<ClassifyRule>& table);

/// An answer that was not as expected. Rules in order: the step's, then the tables'; the first that fits decides.
/// Without one: a gateway's page, a broken body and a missing JSON are the platform's failure; any other status is a
/// block for anonymous visitors and our fault for those with credentials.
Verdict classify_answer(Failure unmet, const Answer& answer, const std::vector<ClassifyRule>& rules,
                        const std::vector<ClassifyRule>& table, Tier tier);

}  // namespace outaged::probe
