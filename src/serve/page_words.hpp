#pragma once
// How the page without JavaScript puts things, as HTML and in words, in the language of its reader. Pure.
#include <cstdint>
#include <string>
#include <string_view>

#include "serve/page_texts.hpp"

namespace outaged::serve {

/// A time of the API as an element of HTML, "2019-07-03 14:00 UTC"; "" when it is none.
std::string moment(const std::string& time);
/// "1h30m" or "1h 30m" of the daemon as people read it: "1 h 30 min".
std::string spelled_out(const PageTexts& t, std::string_view duration);

/// What is English on a page in any language, as HTML.
std::string in_english(const PageTexts& t, std::string_view text);

/// The mark beside the word of a component's state, as HTML.
std::string mark(const std::string& state);
/// The mark of a vendor's claim: that of the state that the component would be in.
std::string vendor_mark(const std::string& state);

/// What a language does not name itself is named as in messages.
std::string function_words(const PageTexts& t, const std::string& function);
std::string platform_words(const PageTexts& t, const std::string& platform);
/// "WhatsApp: Media upload"; what is no component's id comes back as it is.
std::string component_words(const PageTexts& t, const std::string& id);

/// "532 B", "2.5 MiB".
std::string size_words(const PageTexts& t, std::uint64_t bytes);

}  // namespace outaged::serve
