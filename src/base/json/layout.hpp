#pragma once
// How a person has written a JSON file, beside what it says: commas before a closing bracket, which line a key is on.
// The parser knows neither.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace outaged::json {

/// A key that stands twice in one object, and where.
struct TwiceGiven {
  std::string key;  ///< as written, escapes and all
  std::size_t first_line = 0;
  std::size_t second_line = 0;
};

struct Layout {
  /// The text with a blank for each comma that only a closing bracket follows, so that every entry of a list may be
  /// taken out or put in alone. Every other byte stays where it was.
  std::string text;
  std::optional<TwiceGiven> twice;
};

/// Of JSON with // and /* */ comments. Text that is not JSON is left for the parser to complain of.
Layout layout_of(std::string_view text);

}  // namespace outaged::json
