#pragma once
// Access tokens that the simulated platforms honour, and what state each platform's tokens are in. One thread.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/named_enum.hpp"

namespace outaged::sim {

enum class TokenState { valid, expired, rate_limited, no_permission };

class Tokens {
 public:
  explicit Tokens(std::uint64_t seed);

  /// The platform whose token this is, or nothing.
  [[nodiscard]] std::optional<std::string_view> platform_of(std::string_view token) const;
  [[nodiscard]] TokenState state(std::string_view platform) const;
  /// False when there is no such platform.
  bool set_state(std::string_view platform, TokenState state);
  [[nodiscard]] const std::map<std::string, TokenState>& states() const { return states_; }

  /// Secret name in configurations → token.
  [[nodiscard]] const std::map<std::string, std::string>& secrets() const { return secrets_; }

 private:
  std::map<std::string, std::string> secrets_;
  std::map<std::string, TokenState> states_;
};

}  // namespace outaged::sim

namespace outaged {
template <>
inline constexpr auto kEnumNames<sim::TokenState> = std::to_array<std::string_view>({"valid", "expired", "rate_limited",
                                                                                     "no_permission"});
}  // namespace outaged
