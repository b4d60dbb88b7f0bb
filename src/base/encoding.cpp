#include "base/encoding.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace outaged {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

struct Character {
  std::size_t length = 0;  ///< bytes; 0 when there is no valid character
  std::uint32_t value = 0;
};

/// The valid UTF-8 character at the front (RFC 3629: no surrogates, shortest form).
Character utf8_front(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  Character out;
  std::uint32_t smallest = 0;
  if (first < 0x80) return {1, first};
  if (first >= 0xC2 && first <= 0xDF) {
    out = {2, first & 0x1FU}, smallest = 0x80;
  } else if (first >= 0xE0 && first <= 0xEF) {
    out = {3, first & 0x0FU}, smallest = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    out = {4, first & 0x07U}, smallest = 0x10000;
  }
  if (out.length == 0 || text.size() < out.length) return {};
  for (std::size_t i = 1; i < out.length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    out.value = (out.value << 6U) | (byte(i) & 0x3FU);
  }
  const bool surrogate = out.value >= 0xD800 && out.value <= 0xDFFF;
  if (out.value < smallest || out.value > 0x10FFFF || surrogate) return {};
  return out;
}

/// Controls of both sets, and those that turn the direction of writing, which can make a text look like another.
bool is_control(std::uint32_t value) {
  if (value == '\n' || value == '\t') return false;
  return value < 0x20 || (value >= 0x7F && value <= 0x9F) || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069);
}

}  // namespace

std::string url_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string url_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        out += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    out += plus_is_space && text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string base64_encode(std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<int>::max() / 2) throw std::length_error("base64_encode: input too large");
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  // OpenSSL's interface takes unsigned characters; the bytes are the same.
  const int written =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(written));
  return out;
}

std::string hex_encode(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  return hex_encode({reinterpret_cast<const char*>(digest.data()), size});
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // The function counts the bytes that padding stands for.
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
           bytes.size(), digest.data(), &size) == nullptr)
    throw std::runtime_error("HMAC failed");
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string printable(std::string_view bytes, std::size_t max_bytes) {
  std::string out;
  std::size_t room_for_ellipsis = 0;  // how much of `out` may stay when it has to be cut
  while (!bytes.empty()) {
    const auto [length, value] = utf8_front(bytes);
    const std::string_view next = length == 0 ? kReplacement : is_control(value) ? " " : bytes.substr(0, length);
    if (out.size() + next.size() > max_bytes) {
      out.resize(room_for_ellipsis);
      if (kEllipsis.size() <= max_bytes) out += kEllipsis;
      break;
    }
    out += next;
    if (out.size() + kEllipsis.size() <= max_bytes) room_for_ellipsis = out.size();
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace outaged
