#pragma once
// How messages go out: an HTTP engine and a resolver of the notify thread's own.
#include <functional>

#include <boost/asio/io_context.hpp>

#include "net/settings.hpp"
#include "notify/worker.hpp"

namespace outaged::daemon {

/// To be called on the notify thread; what it makes belongs there. Throws when the network cannot be set up, which the
/// same settings have shown not to happen for the probes.
std::function<notify::Send(boost::asio::io_context&)> network_sender(const net::Settings& settings);

}  // namespace outaged::daemon
