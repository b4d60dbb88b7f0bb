#include "architecture/source.hpp"

#include <doctest/doctest.h>

using namespace outaged::architecture;

TEST_CASE("the sources of the project are found") {
  const auto sources = load({"src", "tests"}, {".hpp", ".cpp"});
  CHECK(sources.size() > 50);
  bool this_one = false;
  for (const Source& source : sources) {
    CHECK_FALSE(source.text.empty());
    this_one = this_one || source.path == "tests/architecture/source_test.cpp";
  }
  CHECK(this_one);
}

TEST_CASE("comments and literals are blanked and everything else stays in place") {
  CHECK(code_only("a; // b\nc") == "a;     \nc");
  CHECK(code_only("a /* b\nc */ d") == "a     \n     d");
  CHECK(code_only(R"(f("a\"b", c))") == R"(f("    ", c))");
  CHECK(code_only("f('\"', x)") == "f(' ', x)");
  CHECK(code_only("1'000 + 2'000; // x") == "1'000 + 2'000;     ");
  CHECK(code_only("x = R\"re(a \" // b)re\"; y") == "x = " + std::string(17, ' ') + "; y");
  CHECK(code_only("\"// no comment\" + x") == "\"             \" + x");
}

TEST_CASE("places in text are found") {
  CHECK(line_of("a\nb\nc", 4) == 3);
  CHECK(module_of("src/net/http.hpp") == "net");
  CHECK(module_of("src/base/json/shape.hpp") == "base");
  CHECK(module_of("tests/net/http_test.cpp").empty());
  CHECK(closing("f(a, (b), c) d", 1) == 11);
  CHECK(closing("awaitable<map<a, b>> f", 9) == 19);
  CHECK(closing("f(a", 1) == std::string_view::npos);
}
