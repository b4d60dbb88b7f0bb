#include "notify/markup.hpp"

namespace outaged::notify {
namespace {

constexpr std::string_view kWordJoiner = "\u2060";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// The character at the front: a byte that begins one and those that continue it. `text` must not be empty.
std::string_view first_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
  return text.substr(0, length);
}

/// Characters beyond the basic plane (four bytes in UTF-8) are two units.
std::size_t units(std::string_view character) {
  return character.size() >= 4 ? 2 : 1;
}

std::string_view entity(std::string_view character) {
  if (character == "&") return "&amp;";
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  return character;
}

using Spelling = std::string_view (*)(std::string_view character);

std::size_t length(std::string_view text, Spelling spelling) {
  std::size_t total = 0;
  while (!text.empty()) {
    const auto character = first_character(text);
    const auto spelt = spelling(character);
    total += spelt == character ? units(character) : spelt.size();
    text.remove_prefix(character.size());
  }
  return total;
}

std::string spell_within(std::string_view text, std::size_t limit, Spelling spelling) {
  const bool whole = length(text, spelling) <= limit;
  if (!whole && limit == 0) return {};
  std::size_t left = whole ? limit : limit - 1;  // the mark of the cut is one unit
  std::string out;
  while (!text.empty()) {
    const auto character = first_character(text);
    const auto spelt = spelling(character);
    const std::size_t needed = spelt == character ? units(character) : spelt.size();
    if (needed > left) break;
    out += spelt;
    left -= needed;
    text.remove_prefix(character.size());
  }
  if (!whole) out += kEllipsis;
  return out;
}

std::string_view as_it_is(std::string_view character) {
  return character;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<signed char>(c) < 0;
}

}  // namespace

std::size_t utf16_length(std::string_view text) {
  return length(text, as_it_is);
}

std::string cut(std::string_view text, std::size_t limit) {
  return spell_within(text, limit, as_it_is);
}

std::string escape(std::string_view text) {
  return spell_within(text, length(text, entity), entity);
}

std::string escape_within(std::string_view text, std::size_t limit) {
  return spell_within(text, limit, entity);
}

std::string inert(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    const bool before_letter = i + 1 < text.size() && is_letter(text[i + 1]);
    const bool begins = text[i] == '@' || text[i] == '#' || text[i] == '/' || text[i] == '.' || text[i] == ':';
    if (begins && (before_letter || (text[i] == ':' && text.substr(i).starts_with("://")))) out += kWordJoiner;
  }
  return out;
}

}  // namespace outaged::notify
