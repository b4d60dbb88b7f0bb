#pragma once
// How the page that the server makes puts things: the words of the page's script (dashboards/status/src/texts/en.ts),
// so that nobody sees a name change when the script takes over. Pure.
#include <cstdint>
#include <string>
#include <string_view>

namespace outaged::serve {

/// A time of the API as an element of HTML, "2019-07-03 14:00 UTC"; "" when it is none.
std::string moment(const std::string& time);

/// "Partly fails", of a component's state as the API has it.
std::string_view word_of(const std::string& state);
/// The mark beside that word, as HTML.
std::string mark(const std::string& state);
/// The mark of a vendor's claim: that of the state that the component would be in.
std::string vendor_mark(const std::string& state);

/// What the script does not name itself is named as in messages.
std::string function_words(const std::string& function);
std::string platform_words(const std::string& platform);
/// "WhatsApp: Media upload"; what is no component's id comes back as it is.
std::string component_words(const std::string& id);

/// "532 B", "2.5 MiB".
std::string size_words(std::uint64_t bytes);

}  // namespace outaged::serve
