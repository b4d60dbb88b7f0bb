#include "notify/channel/address.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace outaged::notify {
namespace {

/// Shorter parts of a path, such as "services" or "api", occur in texts of which nothing is secret.
constexpr std::size_t kLongerThanWords = 16;

/// The parts of `text` between those characters.
std::vector<std::string_view> split_at(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

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

std::vector<Secret> secret_parts(const Secret& url) {
  std::vector<Secret> parts = {url};
  const auto address = parse_address(url.reveal());
  if (!address) return parts;
  const std::string_view target = address->path;
  const auto path = target.substr(0, target.find_first_of("?#"));
  const auto query = target.substr(path.size());
  if (target.size() > 1) parts.emplace_back(std::string{target});
  if (path.size() > 1 && !query.empty()) parts.emplace_back(std::string{path});
  for (const auto part : split_at(path, "/")) {
    if (part.size() >= kLongerThanWords) parts.emplace_back(std::string{part});
  }
  for (const auto field : split_at(query, "?&#")) {
    const auto value = field.substr(field.find('=') + 1);
    if (value.empty()) continue;
    parts.emplace_back(std::string{value});
    parts.emplace_back(url_decode(value, true));
  }
  return parts;
}

}  // namespace outaged::notify
