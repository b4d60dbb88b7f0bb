#pragma once
// What stands between a token and what it wants.
#include <optional>
#include <string>
#include <string_view>

#include "outagesim/graph/envelope.hpp"
#include "outagesim/tokens.hpp"
#include "outagesim/world.hpp"

namespace outaged::sim::graph {

/// What a call demands of its token.
struct Needs {
  std::string_view platform;
  std::optional<Bearer> bearer;  ///< absent: of any
  std::string_view scope;        ///< the permission; empty: none
};

/// The error that the token meets; nothing when it is good for that.
std::optional<Error> refusal(const World& world, const std::optional<std::string>& token, const Needs& needs);

/// Whose a token is, or nothing.
std::optional<std::string_view> owner_of(const World& world, const std::optional<std::string>& token);

}  // namespace outaged::sim::graph
