#pragma once
// How deep a result shows the way to be open. Names may be answered while no connection is, and our gateway while
// nothing behind it is: who did not come as deep as a failure did says nothing about it.
#include <array>

#include "core/result.hpp"

namespace outaged::detect {

/// Deeper includes what is before it, a name for what is asked by a number excepted.
enum class Depth { gateway, dns, tcp, tls, http };

inline constexpr std::array kDepths = {Depth::gateway, Depth::dns, Depth::tcp, Depth::tls, Depth::http};

/// Of a failure of the platform's: where the way ended. Of anything else: how deep it is open. `component` is the
/// probe's: of the gateway, and of a result whose steps are not known, it tells what was asked.
Depth depth_of(const Result& result, const ComponentId& component);

}  // namespace outaged::detect
