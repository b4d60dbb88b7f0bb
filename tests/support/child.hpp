#pragma once
// A child process for tests that give up something which the rest of the program needs, such as its namespaces.
#include <functional>
#include <string>

namespace outaged::test {

/// Runs `task` in a child of this process, which must have no other thread, and gives what it says. An exception says
/// what it is; a child that dies says that.
std::string in_child(const std::function<std::string()>& task);

}  // namespace outaged::test
