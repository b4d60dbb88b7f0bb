#include "probe/saving.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/json/parse.hpp"
#include "probe/classify.hpp"

using namespace outaged;
using namespace outaged::probe;

namespace {

net::HttpExchange answered(std::string body) {
  net::HttpExchange exchange;
  exchange.status = 200;
  exchange.body = std::move(body);
  return exchange;
}

/// What is saved of `body`, or "!" and the kind of the failure.
std::string saved(const SaveRule& rule, const std::string& body) {
  const auto exchange = answered(body);
  const Answer answer(exchange);
  const auto value = saved_value("picture", rule, answer);
  return value ? *value : "!" + value.error().kind;
}

SaveRule first_picture() {
  SaveRule rule;
  rule.first_of = "/data";
  rule.json = "/media_url";
  rule.where["/media_type"].equals = "IMAGE";
  return rule;
}

}  // namespace

TEST_CASE("the first entry of a list counts that has the value and is of the wanted kind") {
  CHECK(saved(first_picture(), R"({"data": [
      {"media_type": "VIDEO", "media_url": "film"},
      {"media_type": "IMAGE"},
      "no object",
      {"media_type": "IMAGE", "media_url": "second"},
      {"media_type": "IMAGE", "media_url": "third"}]})") == "second");
  SaveRule any;
  any.first_of = "";
  any.json = "/full_picture";
  CHECK(saved(any, R"([{"message": "a text"}, {"full_picture": "here"}])") == "here");
}

TEST_CASE("a list without such an entry is told from one that is not there") {
  CHECK(saved(first_picture(), R"({"data": [{"media_type": "VIDEO", "media_url": "film"}]})") == "!no_entry");
  CHECK(saved(first_picture(), R"({"data": [], "paging": {"next": "https://…"}})") == "!no_entry");
  CHECK(saved(first_picture(), R"({"data": {"media_type": "IMAGE", "media_url": "x"}})") == "!json");
  CHECK(saved(first_picture(), R"({"posts": []})") == "!json");
  CHECK(saved(first_picture(), "<html>") == "!json");
}

TEST_CASE("a list that holds nothing of ours is no outage") {
  const auto exchange = answered(R"({"data": []})");
  const Answer answer(exchange);
  const auto value = saved_value("picture", first_picture(), answer);
  REQUIRE_FALSE(value.has_value());
  const auto verdict = classify_answer(value.error(), answer, {}, {}, Tier::authenticated);
  CHECK(verdict.result_class == ResultClass::our_fault);
  CHECK(verdict.failure.detail.starts_with("none of the 0 entries at /data"));
}

TEST_CASE("what is saved is bounded") {
  SaveRule rule;
  rule.json = "/id";
  CHECK(saved(rule, R"({"id": ")" + std::string(8193, 'x') + "\"}") == "!json");
  CHECK(saved(rule, R"({"id": 17})") == "17");
}
