#pragma once
// How far a result shows the way to be open. Names may be answered while no connection is, and our gateway while
// nothing behind it is: who did not come as far as a failure did says nothing about it.
#include <array>

#include "core/result.hpp"

namespace outaged::detect {

/// Each includes those before it; the gateway is reached by whom its component says so.
enum class Reach { gateway, dns, tcp, tls, http };

inline constexpr std::array kReaches = {Reach::gateway, Reach::dns, Reach::tcp, Reach::tls, Reach::http};

/// Of a failure of the platform's: where the way ended. Of anything else: as far as it is open. A result without steps
/// (of a stream that has none) is taken for one over HTTP.
Reach reach_of(const Result& result);

}  // namespace outaged::detect
