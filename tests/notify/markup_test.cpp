#include "notify/markup.hpp"

#include <doctest/doctest.h>

using namespace outaged::notify;

TEST_CASE("length counts UTF-16 units") {
  CHECK(utf16_length("") == 0);
  CHECK(utf16_length("abc") == 3);
  CHECK(utf16_length("\u00E9") == 1);
  CHECK(utf16_length("\u20AC") == 1);
  CHECK(utf16_length("\U0001F534") == 2);
}

TEST_CASE("cutting keeps characters whole and says that something is missing") {
  CHECK(cut("abcdef", 6) == "abcdef");
  CHECK(cut("abcdef", 5) == "abcd\u2026");
  CHECK(cut("\U0001F534\U0001F534", 4) == "\U0001F534\U0001F534");
  CHECK(cut("\U0001F534\U0001F534", 3) == "\U0001F534\u2026");
  CHECK(cut("\U0001F534\U0001F534", 2) == "\u2026");
  CHECK(cut("abc", 0) == "");
  CHECK(cut("", 0) == "");
}

TEST_CASE("escaping leaves no markup and cuts no entity in two") {
  CHECK(escape("a & b <!channel> \"q\"") == "a &amp; b &lt;!channel&gt; \"q\"");
  CHECK(escape_within("<<<", 12) == "&lt;&lt;&lt;");
  CHECK(escape_within("<<<", 11) == "&lt;&lt;\u2026");
  CHECK(escape_within("<<<", 8) == "&lt;\u2026");
  CHECK(escape_within("<<<", 4) == "\u2026");
}
