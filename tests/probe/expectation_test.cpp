#include "probe/expectation.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "base/json/parse.hpp"
#include "probe/classify.hpp"

using namespace outaged;
using namespace outaged::probe;

namespace {

Expectation expecting(const std::string& text) {
  json::Faults faults;
  const auto parsed = json::parse_file_text(
      R"({"id": "a", "component": "a/b", "title": "t", "steps": [{"http": {"url": "x", "media": {"type": "image/png"}}, "expect": )" +
          text + "}]}",
      "p");
  REQUIRE(parsed.has_value());
  auto definition = definition_shape().read(*parsed, json::Cursor("p", faults));
  for (const auto& fault : faults) MESSAGE(json::to_string(fault));
  REQUIRE(definition.has_value());
  return definition->steps.front().expect;
}

net::HttpExchange answered(int status, std::string body, std::vector<net::Header> headers = {}) {
  net::HttpExchange exchange;
  exchange.status = static_cast<std::uint16_t>(status);
  exchange.body = std::move(body);
  exchange.headers = std::move(headers);
  return exchange;
}

std::string kind_of(const std::string& expectation, const net::HttpExchange& exchange, const RunValues& values = {}) {
  const Answer answer(exchange);
  const auto failure = unmet(expecting(expectation), answer, values, WallTime{});
  return failure ? failure->kind : "";
}

}  // namespace

TEST_CASE("statuses and ranges are told apart and a gateway's page from the platform's own error") {
  CHECK(kind_of("{}", answered(204, "")) == "");
  CHECK(kind_of("{}", answered(404, "")) == "status_404");
  CHECK(kind_of(R"({"status": [200, "400-499"]})", answered(404, "")) == "");
  CHECK(kind_of("{}", answered(503, "<html>Service Unavailable</html>")) == "gateway_503");
  CHECK(kind_of("{}", answered(500, R"({"error":{"code":2}})")) == "status_500");
  CHECK(kind_of("{}", answered(505, "")) == "status_505");
}

TEST_CASE("headers are found by lower-case name and pattern") {
  CHECK(kind_of(R"({"headers": {"content-type": "^image/"}})", answered(200, "", {{"content-type", "image/png"}})) ==
        "");
  CHECK(kind_of(R"({"headers": {"content-type": "^image/"}})", answered(200, "", {{"content-type", "text/html"}})) ==
        "header");
  CHECK(kind_of(R"({"headers": {"etag": "."}})", answered(200, "")) == "header");
}

TEST_CASE("JSON is looked at by pointer and type and value and pattern") {
  const auto exchange = answered(200, R"({"id": "123", "data": [{"n": 7}], "ok": true})");
  CHECK(
      kind_of(R"({"json": {"/id": {"type": "string", "matches": "^[0-9]+$"}, "/data/0/n": {"equals": 7}, "/ok": {}}})",
              exchange) == "");
  CHECK(kind_of(R"({"json": {"/id": {"type": "number"}}})", exchange) == "json");
  CHECK(kind_of(R"({"json": {"/data/1/n": {}}})", exchange) == "json");
  CHECK(kind_of(R"({"json": {"/data/x/n": {}}})", exchange) == "json");
  CHECK(kind_of(R"({"json": {"/id": {}}})", answered(200, "<html>")) == "not_json");
}

TEST_CASE("hostile JSON is no JSON and costs nothing more") {
  CHECK(kind_of(R"({"json": {"/id": {}}})", answered(200, std::string(200'000, '['))) == "not_json");
  CHECK(kind_of(R"({"json": {"/id": {}}})", answered(200, "\"" + std::string(10 << 20, 'x') + "\"")) == "not_json");
  CHECK(kind_of(R"({"json": {"/id": {}}})", answered(200, "{\"id\": \xFF\xFE}")) == "not_json");
}

TEST_CASE("bodies are measured and searched") {
  CHECK(kind_of(R"({"body": {"contains": "ell", "matches": "^h.*o$", "min": "1B", "max": "10B"}})",
                answered(200, "hello")) == "");
  CHECK(kind_of(R"({"body": {"contains": "bye"}})", answered(200, "hello")) == "body");
  CHECK(kind_of(R"({"body": {"min": "10B"}})", answered(200, "hello")) == "too_small");
  CHECK(kind_of(R"({"body": {"max": "1B"}})", answered(200, "hello")) == "too_large");
}

TEST_CASE("the bytes that come back must be the bytes that were sent") {
  Random random(1);
  RunValues values;
  values.media = generate_media(MediaKind::png, Bytes{8192}, random);
  const std::string same = R"({"sha256": "${media:sha256}"})";
  CHECK(kind_of(same, answered(200, values.media->content), values) == "");
  CHECK(kind_of(same, answered(200, values.media->content.substr(1)), values) == "sha256");
}

TEST_CASE("a picture must decode to its last line") {
  Random random(1);
  for (const auto kind : {MediaKind::png, MediaKind::jpeg}) {
    const auto media = generate_media(kind, Bytes{16384}, random);
    CHECK(kind_of(R"({"media": {"min_width": 2}})", answered(200, media.content)) == "");
    CHECK(kind_of(R"({"media": {"min_width": 60000}})", answered(200, media.content)) == "image_too_small");
    CHECK(kind_of(R"({"media": {}})", answered(200, media.content.substr(0, media.content.size() / 2))) ==
          "not_an_image");
  }
  CHECK(kind_of(R"({"media": {}})", answered(200, "<html>")) == "not_an_image");
  CHECK(kind_of(R"({"media": {}})", answered(200, "\x89PNG\r\n\x1a\n")) == "not_an_image");
}

TEST_CASE("a picture of a kind that is not decoded here is a picture, and a film is none of ours to judge") {
  const auto of = [](const std::string& type, const std::string& body) {
    return kind_of(R"({"media": {"min_width": 16}})", answered(200, body, {{"content-type", type}}));
  };
  const std::string webp = base64_decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==").value();
  CHECK(of("image/webp", webp) == "");
  CHECK(of("image/jpeg", webp) == "");
  CHECK(of("image/gif", "GIF89a and what follows") == "");
  CHECK(of("image/avif", std::string("\0\0\0\x20"
                                     "ftypavif",
                                     12)) == "");
  CHECK(of("image/webp", webp.substr(0, 20)) == kOtherMedia);
  CHECK(of("image/jxl", "\xFF\x0A and what follows") == kOtherMedia);
  CHECK(of("video/mp4", std::string(100, '\0')) == kOtherMedia);
  CHECK(of("application/octet-stream", std::string("\0\0\0\x18"
                                                   "ftypmp42",
                                                   12)) == kOtherMedia);
  CHECK(of("image/webp", "") == "not_an_image");
  CHECK(of("image/jpeg", "\xFF\xD8 broken") == "not_an_image");
  CHECK(of("text/html", "<html>") == "not_an_image");
}

TEST_CASE("evidence is one printable line") {
  const auto line = evidence(answered(503, "<html>\nDown\x01</html>", {{"content-type", "text/html"}}));
  CHECK(line.starts_with("HTTP 503; text/html"));
  CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("DNS answers are held to code and count and ending") {
  net::DnsAnswer answer;
  answer.rcode = 0;
  answer.records = {"a.ns.facebook.com"};
  const auto kind = [&](const std::string& text) {
    const auto failure = unmet(expecting(text), answer);
    return failure ? failure->kind : "";
  };
  CHECK(kind("{}") == "");
  CHECK(kind(R"({"dns": {"min_records": 2}})") == "too_few_records");
  CHECK(kind(R"({"dns": {"suffix": ".example"}})") == "unexpected_record");
  CHECK(kind(R"({"dns": {"rcode": "nxdomain"}})") == "rcode");
  answer.failure = Failure{Layer::dns, Phase::dns, "servfail", ""};
  CHECK(kind("{}") == "servfail");
}
