#include "probe/usage.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"

using namespace outaged;
using namespace outaged::probe;
using namespace std::chrono_literals;

namespace {

const WallTime kNow = parse_time("2026-11-24T10:00:00Z").value();

Usage said(std::vector<net::Header> headers) {
  net::HttpExchange exchange;
  exchange.headers = std::move(headers);
  return usage_of(exchange, kNow);
}

}  // namespace

TEST_CASE("of an app's or a page's limits the one that is nearest counts") {
  CHECK(said({{"x-app-usage", R"({"call_count":28,"total_time":25,"total_cputime":41})"}}) == Usage{41});
  CHECK(said({{"x-page-usage", R"({"call_count":76.9})"}}) == Usage{76});
  CHECK(said({{"x-app-usage", R"({"call_count":0,"total_time":0,"total_cputime":0})"}}) == Usage{0});
}

TEST_CASE("of several businesses and limits the strictest counts, and the longest time until access is regained") {
  const char* header =
      R"({"102290129340398":[{"type":"whatsapp","call_count":3,"total_cputime":1,"total_time":96,)"
      R"("estimated_time_to_regain_access":0}],"7":[{"type":"pages","call_count":100,"total_cputime":4,"total_time":5,)"
      R"("estimated_time_to_regain_access":19}]})";
  CHECK(said({{"x-business-use-case-usage", header}}) == Usage{100, 19min});
  CHECK(said({{"x-business-use-case-usage", header}, {"x-app-usage", R"({"call_count":101})"}}) == Usage{101, 19min});
}

TEST_CASE("nothing is believed that has another form, and nothing is unbounded") {
  CHECK(said({}) == Usage{});
  for (const char* header : {"", "80", "[]", "null", R"("80")", "{", R"({"call_count":"99"})", R"({"call_count":null})",
                             R"({"call_count":1e999})", R"({"call_count":[99]})"}) {
    CAPTURE(header);
    CHECK(said({{"x-app-usage", header}}) == Usage{});
    CHECK(said({{"x-business-use-case-usage", header}}) == Usage{});
  }
  CHECK(said({{"x-business-use-case-usage", R"({"1":{"call_count":99},"2":[99,null,[]],"3":"x"})"}}) == Usage{});
  CHECK(said({{"x-business-use-case-usage", std::string(60'000, '[')}}) == Usage{});
  CHECK(said({{"x-app-usage", R"({"call_count":-5})"}}) == Usage{0});
  CHECK(said({{"x-app-usage", R"({"call_count":1e300,"estimated_time_to_regain_access":1e300})"}}) == Usage{1000, 24h});
}

TEST_CASE("the time to wait is seconds or a date") {
  const auto after = [](const char* value) { return said({{"retry-after", value}}).retry_after; };
  CHECK(after("120") == 120s);
  CHECK(after("Tue, 24 Nov 2026 10:05:00 GMT") == 5min);
  CHECK(after("Tue, 24 Nov 2026 09:05:00 GMT") == 0s);
  CHECK(after("18446744073709551615") == 24h);
  CHECK(after("Fri, 31 Dec 9999 23:59:59 GMT") == 24h);
  for (const char* nothing : {"", "soon", "-1", "1.5.2.7", "99999999999999999999999"}) {
    CAPTURE(nothing);
    CHECK(after(nothing) == 0s);
  }
}
