#pragma once
// A network of its own for a process that must not reach anything.
#include <string>

namespace outaged::test {

/// Leaves the network of this machine for an empty one in which this process has the loopback and, perhaps, `address`;
/// the error in words. For a process with one thread, such as that of in_child().
std::string enter_empty_network(const char* address = nullptr);

}  // namespace outaged::test
