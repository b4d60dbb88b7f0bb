#include "outagesim/tokens.hpp"

#include "base/random.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim {
namespace {

struct Known {
  std::string_view secret;
  std::string_view platform;
  std::string_view prefix;
};
constexpr Known kKnown[] = {{"whatsapp_token", kWhatsapp, "EAAWsim"},
                            {"facebook_user_token", kFacebook, "EAAUsim"},
                            {"facebook_page_token", kFacebook, "EAAPsim"},
                            {"instagram_token", kInstagram, "IGAAsim"}};

}  // namespace

Tokens::Tokens(std::uint64_t seed) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  Random random(seed);
  for (const auto& known : kKnown) {
    std::string token(known.prefix);
    for (int i = 0; i < 60; ++i) token += kLetters[random.below(kLetters.size())];
    secrets_[std::string(known.secret)] = token;
    states_[std::string(known.platform)] = TokenState::valid;
  }
}

std::optional<std::string_view> Tokens::platform_of(std::string_view token) const {
  for (const auto& known : kKnown) {
    if (secrets_.at(std::string(known.secret)) == token) return known.platform;
  }
  return std::nullopt;
}

TokenState Tokens::state(std::string_view platform) const {
  const auto found = states_.find(std::string(platform));
  return found == states_.end() ? TokenState::valid : found->second;
}

bool Tokens::set_state(std::string_view platform, TokenState state) {
  const auto found = states_.find(std::string(platform));
  if (found == states_.end()) return false;
  found->second = state;
  return true;
}

}  // namespace outaged::sim
