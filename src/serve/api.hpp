#pragma once
// The routes of the daemon's HTTP server.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "serve/http.hpp"

namespace outaged::serve {

/// What the routes need of the rest of the daemon. The functions may be called on the server's thread at any time while
/// the server runs.
struct Daemon {
  std::string database;
  std::string site;
  std::string version;
  std::function<WallTime()> now;
  /// Runs a probe now and calls back, on any thread, with its result; nothing when there is no such active probe or the
  /// run was given up. Calls back once, unless the daemon stops.
  std::function<void(ProbeId, std::function<void(std::optional<Result>)>)> run_probe;
  /// Why the daemon cannot do its work at the moment; empty when it can. Any thread.
  std::function<std::string()> trouble;
};

std::vector<Route> api_routes(const Daemon& daemon);

}  // namespace outaged::serve
