#include "base/encoding.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

using namespace outaged;
using namespace std::string_literals;

TEST_CASE("url encoding leaves only unreserved characters") {
  CHECK(url_encode("aZ09-._~") == "aZ09-._~");
  CHECK(url_encode("a b/ü&") == "a%20b%2F%C3%BC%26");
  CHECK(url_decode("a+b%2f%2F", true) == "a b//");
  CHECK(url_decode("a+b", false) == "a+b");
  CHECK(url_decode("%", false) == "%");
  CHECK(url_decode("%4", false) == "%4");
  CHECK(url_decode("%zz%41", false) == "%zzA");
  CHECK(rc::check("round trip", [](const std::string& text) {
    RC_ASSERT(url_decode(url_encode(text), false) == text);
    RC_ASSERT(url_decode(url_encode(text), true) == text);
  }));
}

TEST_CASE("base64 and hexadecimal and SHA-256 give the published values") {
  // RFC 4648, 10
  CHECK(base64_encode("").empty());
  CHECK(base64_encode("f") == "Zg==");
  CHECK(base64_encode("fo") == "Zm8=");
  CHECK(base64_encode("foobar") == "Zm9vYmFy");
  CHECK(hex_encode("\x00\xffz"s) == "00ff7a");
  // FIPS 180-2, B.1
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("printable text keeps what people can read") {
  CHECK(printable("grün\n\tüber 日本 🙂", 100) == "grün\n\tüber 日本 🙂");
}

TEST_CASE("printable text has no controls and no turned direction") {
  CHECK(printable("a\x1b[31mb\rc\0d\x7f"s, 100) == "a [31mb c d ");
  CHECK(printable("a\xc2\x9b"
                  "b",
                  100) == "a b");  // CSI of the second control set
  CHECK(printable("a\xe2\x80\xae"
                  "b\xe2\x81\xa6",
                  100) == "a b ");  // right-to-left override, isolate
}

TEST_CASE("printable text replaces what is not UTF-8") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(printable("a\xff", 100) == "a" + mark);
  CHECK(printable("\xc0\xaf", 100) == mark + mark);             // overlong
  CHECK(printable("\xed\xa0\x80", 100) == mark + mark + mark);  // surrogate
  CHECK(printable("\xf4\x90\x80\x80", 100) == mark + mark + mark + mark);
  CHECK(printable("\xe2\x82", 100) == mark + mark);  // cut off
}

TEST_CASE("printable text is cut between characters with a mark and never longer than asked") {
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdefg", 6) == "abc…");
  CHECK(printable("äöüß", 7) == "äö…");
  CHECK(printable("abc", 2).empty());
  CHECK(rc::check("bounds and UTF-8", [](const std::string& bytes) {
    const auto max = *rc::gen::inRange<std::size_t>(0, 40);
    const std::string shown = printable(bytes, max);
    RC_ASSERT(shown.size() <= max);
    nlohmann::json(shown).dump();  // throws unless it is UTF-8
    RC_ASSERT(printable(shown, max) == shown);
  }));
}
