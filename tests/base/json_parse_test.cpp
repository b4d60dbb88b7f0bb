#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "base/file.hpp"
#include "base/json/parse.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using json::Json;
using test::TemporaryDirectory;

namespace {

std::string nested(int levels) {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, '[') + std::string(count, ']');
}

std::string found(const std::string& text) {
  const auto got = json::parse_file_text(text, "f.json");
  return got ? "" : got.error().found;
}

}  // namespace

TEST_CASE("a person's file may have comments") {
  const auto got = json::parse_file_text("{ // one\n \"a\": 1, /* two */ \"b\": [2] }", "f");
  REQUIRE(got);
  CHECK(*got == Json::parse(R"({"a":1,"b":[2]})"));
}

TEST_CASE("a comma may stand after the last entry and nowhere else") {
  const auto got =
      json::parse_file_text("{\"a\": [1, 2, ], // and\n \"b\": {\"c\": \"x,]\", /* } */ },\n // \"d\": 1\n}", "f");
  REQUIRE(got);
  CHECK(*got == Json::parse(R"({"a":[1,2],"b":{"c":"x,]"}})"));
  for (const char* text : {"[,]", "{,}", "[1,,]", "{\"a\":,}", ",", "[1],", "[1,"}) {
    CAPTURE(text);
    CHECK(found(text).starts_with("a syntax error"));
  }
}

TEST_CASE("a syntax error names line and column") {
  CHECK(found("{\n  \"a\": 1,\n  \"b\" 2\n}").starts_with("a syntax error at line 3, column 7"));
  CHECK(found("").starts_with("a syntax error at line 1, column 1"));
  CHECK(found("{\"a\": 1 \"b\"}").starts_with("a syntax error at line 1, column 11"));
  CHECK(found("{} x").starts_with("a syntax error at line 1, column 4"));
}

TEST_CASE("a key that occurs twice in one object is a fault") {
  CHECK(found("{\"a\": {\"b\": 1, // \"b\": 2\n/*\n*/ \"c\": 2,\n \"b\": 3}}") ==
        "the key \"b\" twice in one object, in line 1 and in line 4");
  CHECK(found(R"({"a": 1, "\u0061": 2})") == "the key \"a\" twice in one object");
  CHECK(found(R"({"a": {"b": 1}, "c": {"b": 2}, "b": [{"b": 1}, {"b": 2}]})").empty());
}

TEST_CASE("too deep and too large are faults and not crashes") {
  CHECK(found(nested(128)).empty());
  CHECK(found(nested(129)) == "too many levels of nesting");
  CHECK(found(nested(1'000'000)) == "too many levels of nesting");
  CHECK(found(R"({"a": 1e999})") == "a number that is too large");
}

TEST_CASE("a file is read or the reason is a fault with its name") {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "a.json").string();
  CHECK(json::parse_file(path).error().file == path);
  REQUIRE(write_file_atomically(path, "{\"a\": 1}"));
  CHECK((*json::parse_file(path))["a"] == 1);
  CHECK_FALSE(json::parse_file(directory.path().string()));
}

TEST_CASE("text from the network is strict JSON of bounded depth") {
  CHECK(json::parse_untrusted(R"({"a": [1, "ü", null]})"));
  for (const char* text : {"", "{", "nul", "{} {}", "// c\n{}", "\"\xff\"", "{\"a\": 1e999}", "[1,]", "\"\x01\""}) {
    CAPTURE(text);
    CHECK(json::parse_untrusted(text).error() == "not valid JSON");
  }
  CHECK(json::parse_untrusted(nested(64)));
  CHECK(json::parse_untrusted(nested(65)).error() == "JSON nested deeper than 64 levels");
  CHECK(json::parse_untrusted("{\"a\":[{}]}", 3));
  CHECK_FALSE(json::parse_untrusted("{\"a\":[{}]}", 2));
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += "{\"a\":";
  CHECK_FALSE(json::parse_untrusted(objects));
}

TEST_CASE("no bytes make the parsers throw") {
  CHECK(rc::check("any bytes", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"{}[]\",:0e9.-\\u/*nt\xc3 "}));
    if (!json::parse_untrusted(text)) RC_TAG("refused");
    if (!json::parse_file_text(text, "f")) RC_TAG("refused as file");
  }));
}
