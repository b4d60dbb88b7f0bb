// What the shipped rules make of the answers that the platforms are known to give.
#include "probe/classify.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/json/parse.hpp"
#include "probe/catalog.hpp"
#include "probe/expectation.hpp"

using namespace outaged;
using namespace outaged::probe;

namespace {

std::vector<ClassifyRule> shipped_rules(const std::string& platform) {
  Settings settings;
  settings.paths = {"probes/" + platform};
  FixedValues values;
  const auto shipped = json::parse_file(OUTAGED_SOURCE_DIR "/config/outaged.json");
  REQUIRE(shipped.has_value());
  for (const auto& [name, value] : shipped->at("variables").items()) values.variables[name] = value;
  json::Faults faults;
  const auto catalog = load_catalog(settings, OUTAGED_SOURCE_DIR, values, "outaged.json", faults);
  for (const auto& fault : faults) MESSAGE(json::to_string(fault));
  REQUIRE(catalog.has_value());
  return catalog->front().definition->table;
}

Verdict verdict_on(const std::string& platform, int status, const std::string& body, Tier tier,
                   std::vector<net::Header> headers = {}) {
  net::HttpExchange exchange;
  exchange.status = static_cast<std::uint16_t>(status);
  exchange.body = body;
  exchange.headers = std::move(headers);
  const Answer answer(exchange);
  Expectation expectation;
  expectation.json["/never"] = {};
  auto failure = unmet(expectation, answer, {}, {});
  REQUIRE(failure.has_value());
  return classify_answer(*failure, answer, {}, shipped_rules(platform), tier);
}

std::string graph_error(int code, int subcode = 0) {
  return R"({"error":{"message":"m","type":"OAuthException","code":)" + std::to_string(code) +
         (subcode == 0 ? "" : R"(,"error_subcode":)" + std::to_string(subcode)) + "}}";
}

}  // namespace

TEST_CASE("errors of the Graph API are the platform's or ours by their code") {
  struct Row {
    const char* platform;
    int code;
    int subcode;
    ResultClass expected;
    const char* kind;
  };
  const Row rows[] = {
      {"facebook", 2, 0, ResultClass::platform_failure, "graph_service_down"},
      {"facebook", 1, 0, ResultClass::platform_failure, "graph_unknown_error"},
      {"facebook", 190, 463, ResultClass::our_fault, "token_expired"},
      {"facebook", 190, 0, ResultClass::our_fault, "token_invalid"},
      {"facebook", 4, 0, ResultClass::our_fault, "rate_limited"},
      {"facebook", 10, 0, ResultClass::our_fault, "permission_missing"},
      {"facebook", 368, 0, ResultClass::blocked, "policy_block"},
      {"facebook", 100, 33, ResultClass::our_fault, "bad_request"},
      {"facebook", 99999, 0, ResultClass::our_fault, "unknown_code"},
      {"whatsapp", 131016, 0, ResultClass::platform_failure, "cloud_service_unavailable"},
      {"whatsapp", 131056, 0, ResultClass::our_fault, "rate_limited"},
      {"whatsapp", 131031, 0, ResultClass::blocked, "account_restricted"},
      {"instagram", -1, 2207001, ResultClass::platform_failure, "instagram_server_error"},
      {"instagram", 9, 2207042, ResultClass::our_fault, "rate_limited"},
      {"instagram", 25, 2207050, ResultClass::blocked, "account_restricted"},
      {"instagram", 4, 2207051, ResultClass::blocked, "spam_suspected"},
      {"instagram", 4, 0, ResultClass::our_fault, "rate_limited"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.platform);
    CAPTURE(row.code);
    // The status does not matter: real errors come with 400 and with 500.
    for (const int status : {200, 400, 500}) {
      const auto verdict = verdict_on(row.platform, status, graph_error(row.code, row.subcode), Tier::authenticated);
      CHECK(to_string(verdict.result_class) == to_string(row.expected));
      CHECK(verdict.failure.kind == row.kind);
      CHECK(to_string(verdict.failure.layer) == "api");
    }
  }
}

TEST_CASE("a page in place of the platform is its failure") {
  for (const int status : {500, 502, 503, 504}) {
    const auto verdict = verdict_on("facebook", status, "<html>Sorry, something went wrong.</html>", Tier::open);
    CHECK(verdict.result_class == ResultClass::platform_failure);
    CHECK(verdict.failure.kind.starts_with("gateway_"));
  }
  CHECK(verdict_on("facebook", 200, "<html></html>", Tier::open).failure.kind == "not_json");
}

TEST_CASE("what turns us away is a block and never an outage") {
  CHECK(verdict_on("instagram", 302, "", Tier::open, {{"location", "https://www.instagram.com/accounts/login/"}})
            .result_class == ResultClass::blocked);
  CHECK(verdict_on("facebook", 302, "", Tier::open, {{"location", "/checkpoint/?next"}}).failure.kind == "login_wall");
  CHECK(verdict_on("facebook", 429, "", Tier::open).result_class == ResultClass::blocked);
  CHECK(verdict_on("facebook", 429, "", Tier::authenticated).result_class == ResultClass::our_fault);
  CHECK(verdict_on("facebook", 429, "", Tier::authenticated).failure.kind == "rate_limited");
  CHECK(verdict_on("instagram", 403, R"({"message":"login_required"})", Tier::open).result_class ==
        ResultClass::blocked);
  CHECK(verdict_on("facebook", 200, "<html>Please solve this CAPTCHA</html>", Tier::open).failure.kind == "captcha");
}

TEST_CASE("the upload host says for itself whether it may be tried again") {
  CHECK(verdict_on("instagram", 500, R"({"debug_info":{"retriable":true,"type":"ProcessingFailedError"}})",
                   Tier::authenticated)
            .result_class == ResultClass::platform_failure);
  CHECK(verdict_on("instagram", 400, R"({"debug_info":{"retriable":false,"type":"NotAuthorizedError"}})",
                   Tier::authenticated)
            .failure.kind == "token_invalid");
}

TEST_CASE("an upload that is to go on from another place is no outage") {
  const auto of = [](int status, const std::string& type) {
    return verdict_on("instagram", status, R"({"debug_info":{"retriable":true,"type":")" + type + "\"}}",
                      Tier::authenticated);
  };
  CHECK(of(412, "OffsetInvalidError").result_class == ResultClass::our_fault);
  CHECK(of(200, "PartialRequestError").result_class == ResultClass::our_fault);
  CHECK(of(400, "ProcessingFailedError").result_class == ResultClass::platform_failure);
  CHECK(of(503, "SomethingElse").result_class == ResultClass::platform_failure);
}

TEST_CASE("media that could not be processed are the platform's failure only where its sub-code says so") {
  struct Row {
    const char* status;
    ResultClass expected;
    const char* kind;
  };
  for (const Row& row : {Row{"Error: 2207001", ResultClass::platform_failure, "processing_failed"},
                         Row{"Error: 2207053 unknown", ResultClass::platform_failure, "processing_failed"},
                         Row{"Error: 2207051", ResultClass::blocked, "spam_suspected"},
                         Row{"Error: 2207050", ResultClass::blocked, "account_restricted"},
                         Row{"Error: 2207042", ResultClass::our_fault, "rate_limited"},
                         Row{"Error: 2207003", ResultClass::our_fault, "fetch_timeout"},
                         Row{"Error: 2207026", ResultClass::our_fault, "bad_media"},
                         Row{"Error: 2207057", ResultClass::our_fault, "bad_media"},
                         Row{"Error: 2207999", ResultClass::our_fault, "processing_failed"},
                         Row{"Error", ResultClass::our_fault, "processing_failed"}}) {
    CAPTURE(row.status);
    const auto verdict =
        verdict_on("instagram", 200, R"({"id":"1","status_code":"ERROR","status":")" + std::string{row.status} + "\"}",
                   Tier::authenticated);
    CHECK(to_string(verdict.result_class) == to_string(row.expected));
    CHECK(verdict.failure.kind == row.kind);
    CHECK(to_string(verdict.failure.layer) == "content");
  }
}

TEST_CASE("what nothing fails by stays inconclusive without any rule") {
  const auto of = [](std::string_view kind) {
    const net::HttpExchange exchange;
    return classify_answer({Layer::content, Phase::receive, std::string{kind}, ""}, Answer(exchange), {}, {},
                           Tier::authenticated)
        .result_class;
  };
  for (const auto kind : {kStrange, kNoEntry, kOtherMedia}) CHECK(of(kind) == ResultClass::our_fault);
  CHECK(of("not_an_image") == ResultClass::platform_failure);
}

TEST_CASE("an address that has expired is ours") {
  CHECK(verdict_on("facebook", 403, "URL signature expired", Tier::authenticated).failure.kind == "address_expired");
}

TEST_CASE("requests without an answer are the platform's failure but for our own machine and our own routing") {
  const auto of = [](Layer layer, const char* kind) {
    return classify_transport({layer, Phase::connect, kind, ""}).result_class;
  };
  CHECK(of(Layer::tcp, "refused") == ResultClass::platform_failure);
  CHECK(of(Layer::timeout, "no_reply") == ResultClass::platform_failure);
  CHECK(of(Layer::dns, "servfail") == ResultClass::platform_failure);
  CHECK(of(Layer::local, "no_descriptors") == ResultClass::our_fault);
  CHECK(of(Layer::content, "truncated") == ResultClass::platform_failure);
  CHECK(of(Layer::content, "body_too_large") == ResultClass::our_fault);
  CHECK(of(Layer::tcp, "unreachable") == ResultClass::our_network);
}

TEST_CASE("an answer in another form is inconclusive and keeps its evidence") {
  for (const std::string platform : {"facebook", "instagram", "whatsapp"}) {
    CAPTURE(platform);
    const auto verdict = verdict_on(platform, 200, R"({"result":"something new"})", Tier::authenticated);
    CHECK(verdict.result_class == ResultClass::our_fault);
    CHECK(verdict.failure.kind == "unexpected_answer");
    CHECK(verdict.failure.detail.find("something new") != std::string::npos);
    CHECK(verdict_on(platform, 500, graph_error(2), Tier::open).result_class == ResultClass::platform_failure);
  }
}
