#pragma once
// Text within the limits and the markup of receivers. Lengths are UTF-16 units, as Telegram counts them and Slack at
// most does; cuts fall between characters and are marked with "…". Input is UTF-8 (base/encoding.hpp, printable).
#include <cstddef>
#include <string>
#include <string_view>

namespace outaged::notify {

std::size_t utf16_length(std::string_view text);

/// `text`, or as much of it as fits with the mark of the cut; empty when `limit` is 0.
std::string cut(std::string_view text, std::size_t limit);

/// "&", "<" and ">" as entities: all that Slack and Telegram's HTML ask for outside of attributes.
std::string escape(std::string_view text);

/// escape(text), at most `limit` long, with no entity cut in two.
std::string escape_within(std::string_view text, std::size_t limit);

/// `text` without anything that a receiver would turn into a link or a mention of its own accord ("@name", "#tag",
/// "/command", "host.example", "tg://…"): an invisible WORD JOINER stands inside.
std::string inert(std::string_view text);

}  // namespace outaged::notify
