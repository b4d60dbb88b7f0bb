#pragma once
// One request for what a program under measurement serves.
#include <string>

namespace outaged::bench {

/// The body of the answer, whatever its status; empty when there is no answer within ten seconds.
std::string get(const std::string& url);

}  // namespace outaged::bench
