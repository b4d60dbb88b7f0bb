#pragma once
// blackbox_exporter with Prometheus: a thousand targets, scraped through the exporter and stored every ten seconds.
#include <functional>
#include <optional>

#include "nginx.hpp"
#include "peers/used.hpp"

namespace outaged::bench {

/// CPU of both processes, from `on_begin` on, when every target has been asked; nothing when one is not installed.
/// Throws when a target fails.
std::optional<Used> blackbox(const Nginx& nginx, Rate rate, const std::function<void()>& on_begin);

}  // namespace outaged::bench
