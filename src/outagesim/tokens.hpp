#pragma once
// Access tokens that the simulated platforms honour: whose each is, what it may do and until when; and, above that, one
// switch per platform that spoils all of its tokens at once. One thread.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/named_enum.hpp"

namespace outaged::sim {

enum class TokenState { valid, expired, rate_limited, no_permission };

/// For whom a token stands. What a page may do its user may not do in its place, and the reverse.
enum class Bearer { user, page, system };

struct Token {
  std::string text;
  std::string_view platform;
  Bearer bearer = Bearer::user;
  std::vector<std::string> scopes;
  std::optional<WallTime> expires;  ///< absent: never, as long-lived tokens of pages and systems

  [[nodiscard]] bool may(std::string_view scope) const;
};

class Tokens {
 public:
  explicit Tokens(std::uint64_t seed);

  /// The token of that text, or null.
  [[nodiscard]] const Token* find(std::string_view text) const;
  /// What the platform's switch makes of all its tokens.
  [[nodiscard]] TokenState state(std::string_view platform) const;
  /// False when there is no such platform.
  bool set_state(std::string_view platform, TokenState state);
  [[nodiscard]] const std::map<std::string, TokenState>& states() const { return states_; }

  /// The token behind a secret's name in configurations, to be changed; null when there is none.
  [[nodiscard]] Token* of_secret(const std::string& name);
  [[nodiscard]] const std::map<std::string, Token>& all() const { return tokens_; }
  /// Secret name in configurations → token.
  [[nodiscard]] std::map<std::string, std::string> secrets() const;

 private:
  std::map<std::string, Token> tokens_;  ///< by the secret's name
  std::map<std::string, TokenState> states_;
};

}  // namespace outaged::sim

namespace outaged {
template <>
inline constexpr auto kEnumNames<sim::TokenState> = std::to_array<std::string_view>({"valid", "expired", "rate_limited",
                                                                                     "no_permission"});
template <>
inline constexpr auto kEnumNames<sim::Bearer> = std::to_array<std::string_view>({"user", "page", "system"});
}  // namespace outaged
