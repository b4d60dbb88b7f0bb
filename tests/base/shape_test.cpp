#include "base/json/shape.hpp"

#include <doctest/doctest.h>

using namespace outaged;
using namespace outaged::json;
using namespace std::chrono_literals;

namespace {

enum class Mode { slow, fast };

}  // namespace
template <>
inline constexpr auto outaged::kEnumNames<Mode> = std::to_array<std::string_view>({"slow", "fast"});

namespace {

struct Inner {
  std::int64_t count = 3;
  std::optional<std::string> note;
};
struct Outer {
  std::string name;
  Micros pause = 5s;
  Mode mode = Mode::slow;
  std::vector<Inner> inner;
  std::map<std::string, Bytes> sizes;
};

Shape<Outer> outer_shape() {
  auto inner = object<Inner>("One of them.")
                   .field("count", &Inner::count, integer(1, 9), "How many.")
                   .field("note", &Inner::note, text(), "Anything.")
                   .build();
  return object<Outer>("The whole.")
      .required("name", &Outer::name, nonempty_text(), "What it is called.")
      .field("pause", &Outer::pause, duration(1s, 1min), "How long.")
      .field("mode", &Outer::mode, choice<Mode>(), "Which way.")
      .field("inner", &Outer::inner, list(inner, 0, 2), "The parts.")
      .field("sizes", &Outer::sizes, map_of(bytes(Bytes{1}, Bytes{1024}), "[a-z]+", "lower-case letters"), "Sizes.")
      .check([](const Outer& outer, const Cursor& cursor) {
        if (outer.mode != Mode::fast || outer.pause < 30s) return true;
        cursor.at("pause").fault(format_duration(outer.pause), "less than 30s when fast");
        return false;
      })
      .build();
}

std::optional<Outer> read(const char* text, Faults& faults) {
  return outer_shape().read(Json::parse(text), Cursor{"f.json", faults});
}

std::vector<std::string> faults_of(const char* text) {
  Faults faults;
  CHECK_FALSE(read(text, faults));
  std::vector<std::string> out;
  for (const Fault& fault : faults) out.push_back(to_string(fault));
  return out;
}

}  // namespace

TEST_CASE("an object is read and absent fields keep their defaults") {
  Faults faults;
  const auto got = read(R"({"name": "x", "inner": [{}, {"count": 7, "note": "n"}], "sizes": {"a": "1KiB"}})", faults);
  REQUIRE(got);
  CHECK(faults.empty());
  CHECK(got->pause == 5s);
  CHECK(got->mode == Mode::slow);
  CHECK(got->inner.at(0).count == 3);
  CHECK_FALSE(got->inner.at(0).note);
  CHECK(got->inner.at(1).note == "n");
  CHECK(got->sizes.at("a") == Bytes{1024});
}

TEST_CASE("what is written reads back the same") {
  Faults faults;
  const auto shape = outer_shape();
  const auto got = read(R"({"name":"x","pause":"7s","mode":"fast","inner":[{"count":2}],"sizes":{"b":"2B"}})", faults);
  REQUIRE(got);
  const Json written = shape.write(*got);
  const auto again = shape.read(written, Cursor{"f", faults});
  REQUIRE(again);
  CHECK(shape.write(*again) == written);
  CHECK(written["pause"] == "7s");
  CHECK_FALSE(written["inner"][0].contains("note"));
}

TEST_CASE("all faults are reported at once with their pointers") {
  CHECK(
      faults_of(R"({"pause": "2h", "mod": "fast", "inner": [{"count": 0}, {"count": "x"}], "sizes": {"A": "1B"}})") ==
      std::vector<std::string>{
          R"(f.json: /mod: found the unknown key "mod"; allowed: "name", "pause", "mode", "inner" or "sizes" (did you mean "mode"?))",
          R"(f.json: found no "name", which is required)",
          R"(f.json: /pause: found text "2h"; allowed: a duration from 1s to 1m, such as "500ms", "30s", "5m")",
          R"(f.json: /inner/0/count: found number 0; allowed: a whole number from 1 to 9)",
          R"(f.json: /inner/1/count: found text "x"; allowed: a whole number from 1 to 9)",
          R"(f.json: /sizes/A: found text "A"; allowed: lower-case letters)"});
}

TEST_CASE("a word that is nearly right gets a suggestion and another does not") {
  CHECK(faults_of(R"({"name": "x", "mode": "fats"})").at(0).ends_with(R"((did you mean "fast"?))"));
  CHECK(faults_of(R"({"name": "x", "mode": "purple"})").at(0).ends_with(R"(allowed: "slow" or "fast")"));
  CHECK(did_you_mean(std::string(100'000, 'a'), std::vector<std::string>{"aaa"}).empty());
}

TEST_CASE("a rule over several fields is asked when each is well") {
  CHECK(faults_of(R"({"name": "x", "mode": "fast", "pause": "40s"})") ==
        std::vector<std::string>{"f.json: /pause: found 40s; allowed: less than 30s when fast"});
}

TEST_CASE("values of the wrong type are faults") {
  for (const char* text : {"[]", "3", "null", R"({"name": 3})", R"({"name": ""})", R"({"name": "x", "inner": {}})",
                           R"({"name": "x", "inner": [{}, {}, {}]})", R"({"name": "x", "sizes": []})",
                           R"({"name": "x", "pause": 5})", R"({"name": "x", "mode": null})"}) {
    CAPTURE(text);
    CHECK(faults_of(text).size() == 1);
  }
}

TEST_CASE("numbers have bounds and do not wrap") {
  Faults faults;
  const Cursor cursor{"f", faults};
  CHECK(integer(-5, 5).read(-5, cursor) == -5);
  CHECK_FALSE(integer(-5, 5).read(Json::parse("18446744073709551615"), cursor));
  CHECK_FALSE(integer(-5, 5).read(Json::parse("1.0"), cursor));
  CHECK_FALSE(integer(-5, 5).read(true, cursor));
  CHECK(integer_as<std::uint16_t>(1, 65535).read(65535, cursor) == 65535);
  CHECK_FALSE(integer_as<std::uint16_t>(1, 65535).read(65536, cursor));
  CHECK(number(0, 1).read(0.5, cursor) == 0.5);
  CHECK(number(0, 1).read(1, cursor) == 1.0);
  CHECK_FALSE(number(0, 1).read(1.01, cursor));
}

TEST_CASE("a long text against a pattern is refused and does not exhaust the stack") {
  Faults faults;
  CHECK_FALSE(text("(a|b)+", "letters").read(std::string(1'000'000, 'a'), Cursor{"f", faults}));
  CHECK(text("(a|b)+", "letters").read("abba", Cursor{"f", faults}) == "abba");
  CHECK_FALSE(text("a", "a").read("ab", Cursor{"f", faults}));
}

TEST_CASE("the brackets of a list of one may be left out") {
  Faults faults;
  const auto shape = one_or_list(integer(0, 999));
  CHECK(shape.read(200, Cursor{"f", faults}) == std::vector<std::int64_t>{200});
  CHECK(shape.read(Json::parse("[200, 204]"), Cursor{"f", faults}) == std::vector<std::int64_t>{200, 204});
  CHECK(faults.empty());
  CHECK_FALSE(shape.read(Json::parse("[200, 1000]"), Cursor{"f", faults}));
  CHECK(faults.at(0).pointer == "/1");
}

TEST_CASE("pointers escape what RFC 6901 says") {
  Faults faults;
  Cursor{"f", faults}.at("a/b~c").at(3).fault("x", "y");
  CHECK(faults.at(0).pointer == "/a~1b~0c/3");
}

TEST_CASE("a found value is described in safe and short words") {
  CHECK(describe(Json(nullptr)) == "null");
  CHECK(describe(Json::array()) == "a list");
  CHECK(describe(Json(true)) == "true");
  CHECK(describe(Json(2.5)) == "number 2.5");
  CHECK(describe(Json("a\x1b[2Jb")) == "text \"a [2Jb\"");
  const std::string long_text = describe(Json(std::string(59, 'a') + "ü and more"));
  CHECK(long_text.size() < 80);
  CHECK_NOTHROW((void)Json(long_text).dump());
}

TEST_CASE("the schema says what the reader accepts") {
  const Json schema = outer_shape().schema;
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == Json::array({"name"}));
  CHECK(schema["properties"]["mode"]["enum"] == Json::array({"slow", "fast"}));
  CHECK(schema["properties"]["pause"]["default"] == "5s");
  CHECK(schema["properties"]["inner"]["maxItems"] == 2);
  CHECK(schema["properties"]["inner"]["items"]["properties"]["count"]["minimum"] == 1);
  CHECK_FALSE(schema["properties"]["name"].contains("default"));
}
