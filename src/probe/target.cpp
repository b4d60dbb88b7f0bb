#include "probe/target.hpp"

#include <memory>

#include <boost/asio/ip/address.hpp>
#include <curl/curl.h>

namespace outaged::probe {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

bool is_web(const std::string& scheme) {
  return scheme == "http" || scheme == "https";
}

std::string without_brackets(std::string host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') return host.substr(1, host.size() - 2);
  return host;
}

bool is_internal_v4(const boost::asio::ip::address_v4& address) {
  const auto value = address.to_uint();
  const auto within = [value](std::uint32_t network, unsigned bits) {
    return (value >> (32 - bits)) == (network >> (32 - bits));
  };
  return within(0x00000000, 8) || within(0x0A000000, 8) || within(0x64400000, 10) || within(0x7F000000, 8) ||
         within(0xA9FE0000, 16) || within(0xAC100000, 12) || within(0xC0A80000, 16) || within(0xE0000000, 3);
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  std::string address{text};
  if (address.find("://") == std::string::npos) address = "http://" + address;
  const Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, address.c_str(), 0) != CURLUE_OK) return std::nullopt;
  Target target{part(url, CURLUPART_SCHEME), without_brackets(part(url, CURLUPART_HOST)), 0};
  if (!is_web(target.scheme) || target.host.empty()) return std::nullopt;
  target.port = static_cast<std::uint16_t>(std::stoi("0" + part(url, CURLUPART_PORT)));
  return target;
}

std::string origin_of(const Target& target) {
  const bool v6 = target.host.find(':') != std::string::npos;
  return target.scheme + "://" + (v6 ? "[" + target.host + "]" : target.host) + ":" + std::to_string(target.port);
}

bool same_origin(const std::string& one, const std::string& other) {
  const auto first = parse_target(one);
  const auto second = parse_target(other);
  return first && second && origin_of(*first) == origin_of(*second);
}

std::string host_of(const std::string& text) {
  const auto target = parse_target(text);
  return target ? target->host : text;
}

std::optional<std::string> follow_location(const std::string& base, const std::string& location) {
  const Url url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  if (!is_web(part(url, CURLUPART_SCHEME))) return std::nullopt;
  return part(url, CURLUPART_URL);
}

bool is_internal_address(const std::string& text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(text, error);
  if (error) return true;
  if (address.is_v4()) return is_internal_v4(address.to_v4());
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return is_internal_v4(boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6));
  return v6.is_loopback() || v6.is_unspecified() || v6.is_link_local() || v6.is_site_local() || v6.is_multicast() ||
         (v6.to_bytes()[0] & 0xFE) == 0xFC;
}

}  // namespace outaged::probe
