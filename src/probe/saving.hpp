#pragma once
// What a step takes from its answer for later steps. Pure.
#include <string>

#include "base/expected.hpp"
#include "core/result.hpp"
#include "probe/answer.hpp"

namespace outaged::probe {

/// The value that `rule` finds, at most 8 KiB; without one the answer is not as expected either: api "json", or
/// kNoEntry when the list is there and none of its entries will do.
Expected<std::string, Failure> saved_value(const std::string& name, const SaveRule& rule, const Answer& answer);

}  // namespace outaged::probe
