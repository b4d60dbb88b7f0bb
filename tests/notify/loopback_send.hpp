#pragma once
// A small HTTP client for loopback: what the worker needs to reach the tests' receiver.
#include <boost/asio/io_context.hpp>

#include "notify/worker.hpp"

namespace outaged::test {

/// Requests time out after request.timeout, as layer "timeout"; connections that end without an answer are layer
/// "http".
notify::Send loopback_send(boost::asio::io_context& io);

}  // namespace outaged::test
