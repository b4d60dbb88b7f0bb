#pragma once
// Text encodings and digests, over OpenSSL where it has them.
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace outaged {

/// RFC 3986: everything but unreserved characters as %XX.
std::string url_encode(std::string_view text);
/// "%XX" and, in forms, "+" decoded; malformed escapes stay as they are.
std::string url_decode(std::string_view text, bool plus_is_space);
/// ASCII letters made small; all other bytes stay.
std::string lower_case(std::string_view text);
std::string base64_encode(std::string_view bytes);
std::string hex_encode(std::string_view bytes);
/// Lower-case hexadecimal, 64 characters.
std::string sha256_hex(std::string_view bytes);
/// Nothing for text that is not base64 with its padding.
std::optional<std::string> base64_decode(std::string_view text);
/// 32 bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// What printable() puts where it has cut.
inline constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// Text that is safe to store and show: invalid UTF-8 becomes U+FFFD; control characters but newline and tab, and those
/// that turn the direction of writing, become spaces; at most `max_bytes`, cut between characters and marked with an
/// ellipsis.
std::string printable(std::string_view bytes, std::size_t max_bytes);

}  // namespace outaged
