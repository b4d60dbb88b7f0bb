#pragma once
// One run of a program, without a shell. Blocks.
#include <atomic>

#include "notify/channel.hpp"

namespace outaged::notify {

/// `status` is the exit code and `body` the beginning of what it wrote to standard output and error; a failure when it
/// could not be started, was killed, or did not end in time (then it is killed with all that it started).
net::HttpExchange run_program(const ProgramRequest& request, const std::atomic<bool>& stop);

}  // namespace outaged::notify
