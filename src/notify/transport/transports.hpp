#pragma once
// How requests that are not HTTP leave: mail through libcurl, programs by exec. Both block, so they run on threads of
// their own, and what they find is handed back to the io_context of the worker.
#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "notify/worker.hpp"

namespace outaged::notify {

using HttpSend = std::function<void(net::HttpRequest, std::function<void(net::HttpExchange)>)>;

/// `http` performs HTTP requests; `ca_file` is trusted for mail servers ("": the system's). What is made must be
/// destroyed on the thread that runs `io`; what is under way then is broken off.
Send transports(boost::asio::io_context& io, HttpSend http, std::string ca_file);

}  // namespace outaged::notify
