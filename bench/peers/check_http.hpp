#pragma once
// check_http of the monitoring plugins: a process for each request, as Nagios and its kin start it.
#include <functional>
#include <optional>

#include "nginx.hpp"
#include "peers/used.hpp"

namespace outaged::bench {

/// CPU of the processes and of starting them, from `on_begin` on; nothing when it is not installed.
std::optional<Used> check_http(const Nginx& nginx, Rate rate, const std::function<void()>& on_begin);

}  // namespace outaged::bench
