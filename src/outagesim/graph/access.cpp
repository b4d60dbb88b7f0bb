#include "outagesim/graph/access.hpp"

namespace outaged::sim::graph {

std::optional<Error> refusal(const World& world, const std::optional<std::string>& token, const Needs& needs) {
  if (!token || token->empty()) return token_missing();
  const Token* known = world.tokens.find(*token);
  if (known == nullptr) return token_invalid();
  if (known->expires && world.clock.wall_now() >= *known->expires) return token_expired();
  switch (world.tokens.state(known->platform)) {
    case TokenState::expired: return token_expired();
    case TokenState::rate_limited: return rate_limited(known->platform);
    case TokenState::no_permission: return permission_missing(known->platform);
    case TokenState::valid: break;
  }
  if (known->platform != needs.platform) return permission_missing(needs.platform);
  if (needs.bearer && known->bearer != *needs.bearer) return wrong_bearer(*needs.bearer);
  if (!needs.scope.empty() && !known->may(needs.scope)) return permission_missing(needs.platform, needs.scope);
  return std::nullopt;
}

std::optional<std::string_view> owner_of(const World& world, const std::optional<std::string>& token) {
  const Token* known = token ? world.tokens.find(*token) : nullptr;
  return known == nullptr ? std::nullopt : std::optional(known->platform);
}

}  // namespace outaged::sim::graph
