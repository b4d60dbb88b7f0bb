#include "notify/channel/address.hpp"

#include <algorithm>

namespace outaged::notify {

std::optional<Address> parse_address(std::string_view url) {
  const bool printable = std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7F'; });
  if (!printable) return std::nullopt;
  bool known = false;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    known = true;
    break;
  }
  if (!known) return std::nullopt;
  const auto end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view host = url.substr(0, end);
  if (host.find('@') != std::string_view::npos) return std::nullopt;
  if (host.starts_with('[')) {
    const auto close = host.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = host.substr(1, close - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  if (host.empty()) return std::nullopt;
  return Address{std::string{host}, std::string{url.substr(end)}};
}

}  // namespace outaged::notify
