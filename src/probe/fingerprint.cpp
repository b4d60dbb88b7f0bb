#include "probe/fingerprint.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace outaged::probe {
namespace {

constexpr std::size_t kLongest = 300;
constexpr std::size_t kLongestValue = 40;

/// "text/html; charset=utf-8" → "text/html".
std::string media_type(const std::string& content_type) {
  std::string type = content_type.substr(0, content_type.find(';'));
  type.erase(std::ranges::find_if(type, [](char c) { return c == ' '; }), type.end());
  std::ranges::transform(type, type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return printable(type, kLongestValue);
}

}  // namespace

std::string fingerprint_of(const FingerprintExpectation& wanted, const Answer& answer) {
  const auto& exchange = answer.exchange();
  std::string text = std::to_string(exchange.status);
  const auto* type = exchange.header("content-type");
  text += " " + (type == nullptr ? std::string{"-"} : media_type(*type));
  for (const auto& name : wanted.headers) {
    const auto* value = exchange.header(name);
    if (value == nullptr) continue;
    text += " " + name;
    if (name == "server") text += "=" + printable(*value, kLongestValue);
  }
  if (const auto code = answer.number_at("/error/code")) text += " error=" + std::to_string(*code);
  if (const auto* debug = answer.at("/debug_info/type"))
    text += " debug=" + printable(plain_text(*debug), kLongestValue);
  return printable(text, kLongest);
}

}  // namespace outaged::probe
