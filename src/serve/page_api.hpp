#pragma once
// Everything that is not JSON of our own: the status page and its files, metrics, feed, badges, Statuspage's documents.
#include <memory>

#include "serve/api.hpp"
#include "serve/archive.hpp"
#include "serve/board.hpp"
#include "serve/events.hpp"

namespace outaged::serve {

std::vector<Route> page_routes(const Daemon& daemon, const std::shared_ptr<Board>& board,
                               const std::shared_ptr<Events>& events, const std::shared_ptr<Archive>& archive);

}  // namespace outaged::serve
