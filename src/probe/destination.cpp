#include "probe/destination.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/number.hpp"
#include "net/settings.hpp"
#include "probe/target.hpp"

namespace outaged::probe {
namespace {

constexpr std::string_view kSchemeEnd = "://";

bool has_scheme(std::string_view text) {
  return text.find(kSchemeEnd) != std::string_view::npos;
}

std::size_t authority_end(std::string_view address) {
  return address.find_first_of("/?#", address.find(kSchemeEnd) + kSchemeEnd.size());
}

bool is_label(std::string_view label) {
  constexpr std::size_t kLongestLabel = 63;
  return !label.empty() && label.size() <= kLongestLabel && std::ranges::all_of(label, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// As names are asked for (RFC 1035 §2.3.4), with the underscores that some have.
bool is_domain_name(std::string_view name) {
  constexpr std::size_t kLongestName = 253;
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kLongestName) return false;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    if (!is_label(name.substr(0, dot))) return false;
    name.remove_prefix(dot + 1);
  }
  return is_label(name);
}

/// Whether there is a host in it that can be looked up; a scheme is http or https.
bool has_host(std::string_view text) {
  const auto target = parse_target(text);
  return target && (net::is_numeric_address(target->host) || is_domain_name(target->host));
}

bool is_web_address(std::string_view text) {
  // libcurl takes "https:///path" for the host "path".
  if (!has_scheme(text) || authority_end(text) == text.find(kSchemeEnd) + kSchemeEnd.size()) return false;
  return has_host(text.substr(0, authority_end(text)));
}

bool is_host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  return parse_number<std::uint16_t>(text.substr(colon + 1)).value_or(0) != 0 && has_host(text);
}

/// Whether anything may be put behind it that makes it a web address.
bool begins_web_address(std::string_view text) {
  const std::string begin = lower_case(text.substr(0, text.find(kSchemeEnd)));
  if (!has_scheme(text))
    return std::string_view{"https://"}.starts_with(begin) || std::string_view{"http://"}.starts_with(begin);
  if (authority_end(text) == std::string_view::npos) return begin == "http" || begin == "https";
  return is_web_address(text);
}

bool may_become(Destination kind, const TextTemplate::Start& start) {
  if (start.open) return has_scheme(start.text) || kind == Destination::page ? begins_web_address(start.text) : true;
  // What is known to its end is also looked at to its end.
  return is_destination(kind, start.text) && (kind != Destination::page || parse_target(start.text));
}

std::string_view allowed(Destination kind) {
  switch (kind) {
    case Destination::page: return "an http or https address, such as \"https://shop.example/\"";
    case Destination::server: return "\"host:port\", or an http or https address";
    case Destination::name: return "a name, such as \"shop.example\", or an http or https address";
    case Destination::name_server: return "an address or a name, with or without a port";
  }
  return {};
}

/// What the text is, and what it was written as when values are in it; never a secret.
std::string found(const TextTemplate& text, const TextTemplate::Start& start) {
  const std::string& written = text.written();
  if (text.has_secret()) return json::describe(written) + ", with the secret in it";
  const std::string shown = start.open ? start.text + "…" : start.text;
  return json::describe(shown) + (shown == written ? "" : ", which is \"" + written + "\"");
}

}  // namespace

bool is_destination(Destination kind, std::string_view text) {
  switch (kind) {
    case Destination::page: return is_web_address(text);
    case Destination::server: return has_scheme(text) ? is_web_address(text) : is_host_and_port(text);
    case Destination::name: return has_scheme(text) ? is_web_address(text) : has_host(text);
    case Destination::name_server: return net::parse_server(text) || (!has_scheme(text) && has_host(text));
  }
  return false;
}

bool check_destination(Destination kind, const TextTemplate& text, const json::Cursor& cursor) {
  const auto start = text.start();
  if (may_become(kind, start)) return true;
  const bool ascii = std::ranges::all_of(start.text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  cursor.fault(found(text, start), std::string{allowed(kind)},
               ascii ? "" : "other letters of a name are written as \"xn--…\"");
  return false;
}

Verdict no_destination(const TextTemplate& text, const RunValues& values, const std::string& rendered) {
  if (text.start().open == ValueSource::save && text.complete(values))
    return {ResultClass::platform_failure,
            {Layer::content, std::nullopt, "not_an_address", "was given this for an address: " + rendered}};
  return {ResultClass::our_fault, {Layer::local, std::nullopt, "bad_target", "not a target: " + rendered}};
}

}  // namespace outaged::probe
