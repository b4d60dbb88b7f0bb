#include "base/secret.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/encoding.hpp"
#include "base/secret_reference.hpp"

using namespace outaged;

namespace {

Redactor redactor_of(std::initializer_list<const char*> secrets) {
  Redactor redactor;
  for (const char* secret : secrets) redactor.add(Secret{secret});
  return redactor;
}

}  // namespace

TEST_CASE("a secret is taken out wherever it occurs") {
  const auto redactor = redactor_of({"s3cr3t-token"});
  CHECK(redactor.redact("a s3cr3t-token b s3cr3t-token") == "a *** b ***");
  CHECK(redactor.redact("s3cr3t-tokens3cr3t-token") == "******");
  CHECK(redactor.redact("nothing here") == "nothing here");
  CHECK(redactor.redact("").empty());
}

TEST_CASE("a secret is taken out in its encoded forms") {
  const auto redactor = redactor_of({"p/ss w&rd+1"});
  CHECK(redactor.redact("x=" + url_encode("p/ss w&rd+1") + "&y") == "x=***&y");
  CHECK(redactor.redact("p%2fss%20w%26rd%2b1") == "***");
  CHECK(redactor.redact(R"({"path":"p\/ss w&rd+1"})") == R"({"path":"***"})");
  for (const char* user : {"", "a", "ab", "abc"}) {
    const std::string header = base64_encode(std::string{user} + "p/ss w&rd+1");
    CAPTURE(header);
    CHECK(redactor.redact("Basic " + header).find("***") != std::string::npos);
  }
}

TEST_CASE("of secrets that overlap or contain one another nothing stays") {
  CHECK(redactor_of({"abcdef", "abcdefghij"}).redact("<abcdefghij>") == "<***>");
  CHECK(redactor_of({"abcdef", "cdefgh"}).redact("<abcdefgh>") == "<***>");
  CHECK(redactor_of({"aabaab"}).redact("<aabaabaab>") == "<***>");
}

TEST_CASE("the beginning of a secret that was cut is taken out too") {
  const auto redactor = redactor_of({"very-secret-token"});
  CHECK(redactor.redact(printable("the token very-secret-token", 24)) == "the token ***\xE2\x80\xA6");
  CHECK(redactor.redact("every\xE2\x80\xA6") == "every\xE2\x80\xA6");
}

TEST_CASE("values that would blank ordinary words are ignored") {
  CHECK(redactor_of({"", "the", "short"}).redact("the short word") == "the short word");
}

TEST_CASE("no secret survives whatever surrounds it") {
  CHECK(rc::check("redact", [](const std::string& before, const std::string& after) {
    const auto value = "k" + *rc::gen::container<std::string>(8, rc::gen::inRange('a', 'e'));
    Redactor redactor;
    redactor.add(Secret{value});
    RC_ASSERT(redactor.redact(before + value + after).find(value) == std::string::npos);
  }));
}

TEST_CASE("a reference names a secret and a mistaken one is not repeated in the message") {
  json::Faults faults;
  const json::Cursor cursor{"f", faults};
  const auto& shape = secret_reference();
  const auto good = shape.read("${secret:slack.token-1}", cursor);
  REQUIRE(good);
  CHECK(good->name == "slack.token-1");
  CHECK(shape.write(*good) == "${secret:slack.token-1}");
  for (const std::string& text : {std::string{"xoxb-the-token-itself"}, std::string{"${secret:}"},
                                  "${secret:" + std::string(1'000'000, 'x') + "}"})
    CHECK_FALSE(shape.read(text, cursor));
  REQUIRE(faults.size() == 3);
  CHECK(json::to_string(faults[0]).find("xoxb") == std::string::npos);
}
