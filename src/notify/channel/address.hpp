#pragma once
// Addresses that channels send to: checked once, when the channel is opened.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace outaged::notify {

/// The parts of an http:// or https:// address that matter here.
struct Address {
  std::string host;  ///< without brackets
  std::string path;  ///< from the first "/" on, query included; empty when there is none
};

/// Nothing for any other text: another scheme, no host, user information, spaces or control characters.
std::optional<Address> parse_address(std::string_view url);

/// An address that is a secret, and what of it a receiver may echo by itself and nobody may see: its path, the values
/// of its query, and whatever in the path is too long for a word.
std::vector<Secret> secret_parts(const Secret& url);

}  // namespace outaged::notify
