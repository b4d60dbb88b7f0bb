#pragma once
// GCC 12 destroys temporaries of some co_await expressions twice, and a coroutine outlives what its references point
// to. So co_await stands alone or initialises, without lambdas, braces, ?:, && or || around it, and coroutines take
// what they need by value (or as a pointer, which says that somebody else keeps it alive).
#include "architecture/source.hpp"

namespace outaged::architecture {

Complaints check_awaits(const Source& source);
Complaints check_coroutine_parameters(const Source& source);

}  // namespace outaged::architecture
