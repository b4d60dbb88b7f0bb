#include "outagesim/tokens.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/random.hpp"
#include "outagesim/hosts.hpp"

namespace outaged::sim {
namespace {

struct Known {
  const char* secret;
  std::string_view platform;
  const char* prefix;
  Bearer bearer;
  std::vector<std::string> scopes;
};

/// As their owner would have made them: for what the probes do, no wider.
std::vector<Known> known_tokens() {
  return {{"whatsapp_token",
           kWhatsapp,
           "EAAWsim",
           Bearer::system,
           {"whatsapp_business_messaging", "whatsapp_business_management"}},
          {"facebook_user_token", kFacebook, "EAAUsim", Bearer::user, {"public_profile", "pages_show_list"}},
          {"facebook_page_token",
           kFacebook,
           "EAAPsim",
           Bearer::page,
           {"pages_read_engagement", "pages_read_user_content", "pages_manage_posts"}},
          {"instagram_token",
           kInstagram,
           "IGAAsim",
           Bearer::user,
           {"instagram_basic", "instagram_content_publish", "pages_read_engagement"}}};
}

}  // namespace

bool Token::may(std::string_view scope) const {
  return std::ranges::find(scopes, scope) != scopes.end();
}

Tokens::Tokens(std::uint64_t seed) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  Random random(seed);
  for (auto& known : known_tokens()) {
    std::string text = known.prefix;
    for (int i = 0; i < 60; ++i) text += kLetters[random.below(kLetters.size())];
    tokens_[known.secret] = {std::move(text), known.platform, known.bearer, std::move(known.scopes), std::nullopt};
    states_[std::string(known.platform)] = TokenState::valid;
  }
}

const Token* Tokens::find(std::string_view text) const {
  const auto found = std::ranges::find_if(tokens_, [&](const auto& entry) { return entry.second.text == text; });
  return found == tokens_.end() ? nullptr : &found->second;
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

Token* Tokens::of_secret(const std::string& name) {
  const auto found = tokens_.find(name);
  return found == tokens_.end() ? nullptr : &found->second;
}

std::map<std::string, std::string> Tokens::secrets() const {
  std::map<std::string, std::string> out;
  for (const auto& [name, token] : tokens_) out[name] = token.text;
  return out;
}

}  // namespace outaged::sim
