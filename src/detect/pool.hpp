#pragma once
// A pool: components that an outage may hit together (one function on all platforms of an owner, its media tier, one
// platform, everything). Their results are weighed as one stream, so that a share too small to show in one component
// soon is seen in several; which of them are hit, each one's own evidence says.
#include <string>
#include <vector>

#include "detect/detector.hpp"
#include "detect/sequential_test.hpp"

namespace outaged::detect {

struct Pool {
  std::string name;                     ///< for the saved state
  std::vector<std::size_t> components;  ///< indexes in the sorted list of components
  EntryTest test;
};

/// All pools of these components, those of one member left out. `owners`: of each component, by index; `several`:
/// whether it is watched at more than one endpoint, so that it is a pool by itself.
std::vector<Pool> make_pools(const std::vector<ComponentId>& components, const std::vector<std::string>& owners,
                             const std::vector<bool>& several);

}  // namespace outaged::detect
