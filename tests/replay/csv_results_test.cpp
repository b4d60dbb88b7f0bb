#include <doctest/doctest.h>

#include "replay/rows.hpp"

using namespace outaged;
using namespace outaged::test;
using replay::CsvResults;

namespace {

std::vector<Result> results_in(const std::string& text) {
  const CsvFile file{text};
  auto source = CsvResults::open(file.path);
  REQUIRE_MESSAGE(source.has_value(), source.error());
  std::vector<Result> results;
  while (auto result = source->next()) results.push_back(*std::move(result));
  return results;
}

/// The complaint about a file, without the folder that it lies in.
std::string fault_of(const std::string& text) {
  const CsvFile file{text};
  const auto source = CsvResults::open(file.path);
  REQUIRE_FALSE(source.has_value());
  REQUIRE(source.error().starts_with(file.path));
  return "results.csv" + source.error().substr(file.path.size());
}

std::string row_with(const std::string& row) {
  return kHeader + "2026-03-02T00:00:00Z,whatsapp,message,w,1,200,\n" + row + "\n";
}

}  // namespace

TEST_CASE("columns may stand in any order, quoted, among others") {
  const auto results = results_in(
      "\xEF\xBB\xBF"
      "region,ok,probe,error_kind,latency_ms,function,timestamp,platform\r\n"
      "eu,0,\"say \"\"hi\"\", you\",dns,1500.5,media-upload,2026-03-02T01:00:00+01:00,whatsapp\r\n"
      "\r\n"
      "\"a, b\",1,other,,,login,2026-03-02T00:00:01.250Z,facebook");
  REQUIRE(results.size() == 2);
  CHECK(results[0].probe.name == "say \"hi\", you");
  CHECK(results[0].component == ComponentId{"whatsapp", "media-upload"});
  CHECK(results[0].at == kStart);
  CHECK(results[0].took == 1500500us);
  CHECK(results[0].result_class == ResultClass::platform_failure);
  CHECK(results[0].failure->layer == Layer::dns);
  CHECK(results[1].result_class == ResultClass::success);
  CHECK(results[1].at == kStart + 1250ms);
  CHECK(results[1].took == 0us);
}

TEST_CASE("each kind of failure has its class and layer") {
  using enum ResultClass;
  const std::vector<std::tuple<std::string, ResultClass, Layer>> kinds{
      {"dns", platform_failure, Layer::dns},         {"tcp", platform_failure, Layer::tcp},
      {"tls", platform_failure, Layer::tls},         {"http_5xx", platform_failure, Layer::http},
      {"auth", platform_failure, Layer::api},        {"partial", platform_failure, Layer::content},
      {"timeout", platform_failure, Layer::timeout}, {"", platform_failure, Layer::content},
      {"rate_limited", our_fault, Layer::api},       {"token_expired", our_fault, Layer::api},
      {"blocked", ResultClass::blocked, Layer::http}};
  for (const auto& [kind, result_class, layer] : kinds) {
    CAPTURE(kind);
    const auto results = results_in(kHeader + "2026-03-02T00:00:00Z,whatsapp,message,w,0,200," + kind + "\n");
    REQUIRE(results.size() == 1);
    CHECK(results[0].result_class == result_class);
    CHECK(results[0].failure->layer == layer);
  }
}

TEST_CASE("a probe at several sites is several probes; at one site it is itself") {
  const std::string header = "timestamp,platform,function,probe,ok,latency_ms,error_kind,site\n";
  const std::string row = "2026-03-02T00:00:00Z,whatsapp,message,w,1,200,,";
  CHECK(results_in(header + row + "milan\n" + row + "milan\n").back().probe.name == "w");
  const auto two = results_in(header + row + "milan\n" + row + "rome\n");
  CHECK(two.front().probe.name == "w@milan");
  CHECK(two.back().probe.name == "w@rome");
}

TEST_CASE("a probe's interval is what its rows show") {
  const CsvFile file{text_of(rows_of(uploads_fail, 1h, 30s))};
  const auto source = CsvResults::open(file.path);
  REQUIRE(source.has_value());
  REQUIRE(source->probes().size() == 12);
  for (const auto& probe : source->probes()) CHECK(probe.interval == 30s);
}

TEST_CASE("every fault is named with file, line, what was found and what is allowed") {
  CHECK(fault_of("") == "results.csv: line 0: the file is empty; needed: a header");
  CHECK(fault_of("timestamp,platform,function,probe,ok,latency_ms\n") ==
        "results.csv: line 1: no column error_kind in the header; needed: timestamp, platform, function, probe, ok, "
        "latency_ms, error_kind");
  CHECK(fault_of(row_with("yesterday,whatsapp,message,w,1,200,")) ==
        "results.csv: line 3: timestamp \"yesterday\"; allowed: RFC 3339 such as 2019-07-03T14:02:00Z");
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,Whats App,message,w,1,200,")) ==
        "results.csv: line 3: component \"Whats App/message\"; platform and function consist of lower-case letters, "
        "digits and inner hyphens");
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,message,,1,200,")) ==
        "results.csv: line 3: probe \"\"; allowed: a name");
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,message,w,yes,200,")) ==
        "results.csv: line 3: ok \"yes\"; allowed: 1 or 0");
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,message,w,1,-1,")) ==
        "results.csv: line 3: latency_ms \"-1\"; allowed: milliseconds from 0 to 3600000");
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,message,w,1,nan,")).find("latency_ms \"nan\"") !=
        std::string::npos);
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,message,w,0,200,gremlins")) ==
        "results.csv: line 3: error_kind \"gremlins\"; allowed: dns, tcp, tls, http_5xx, auth, partial, timeout, "
        "rate_limited, token_expired, blocked, or nothing");
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,message")) ==
        "results.csv: line 3: 3 field(s); allowed: as many as the header has");
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,login,w,1,200,")) ==
        "results.csv: line 3: probe w belongs to whatsapp/login here and to whatsapp/message above; allowed: one "
        "component");
  CHECK(fault_of(row_with("\"2026")).find("line 3: a quotation mark is not closed") != std::string::npos);
  CHECK(fault_of(row_with("\"a\"b,")).find("line 3: text behind a quoted field") != std::string::npos);
}

TEST_CASE("what is no such file is refused in a sentence, in bounded memory") {
  CHECK(fault_of(std::string(5'000'000, 'x')) ==
        "results.csv: line 1: a line of more than 8 KiB; allowed: up to 8 KiB");
  CHECK(fault_of(std::string("\x7F"
                             "ELF\x02\x01\0\0\0\n\xFF\xFE",
                             12))
            .find("line 1: no column timestamp") != std::string::npos);
  CHECK(fault_of(row_with("2026-03-02T00:01:00Z,whatsapp,message,\xFF\x01,1,200,")).find("line 3: probe ") !=
        std::string::npos);
  const TemporaryDirectory directory;
  CHECK(CsvResults::open(directory / "none.csv").error() == (directory / "none.csv") + ": no such file");
  CHECK(CsvResults::open(directory.path()).error().find("not a plain file") != std::string::npos);
  CHECK(CsvResults::open("/dev/null").error().find("not a plain file") != std::string::npos);
}

TEST_CASE("a header alone is a file of no results") {
  const auto outcome = replay_of(kHeader);
  CHECK(outcome.rows.read == 0);
  CHECK(outcome.json()["incidents"].empty());
  CHECK(replay_of(kHeader, 60s).rows.read == 0);
}
