#include "probe/vendor_status.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/units.hpp"

using namespace outaged;
using namespace outaged::probe;

namespace {

VendorPage page_of(VendorFormat format, std::map<std::string, std::vector<std::string>> concerns) {
  return {format, "Vendor", std::move(concerns)};
}

const VendorPage kMeta = page_of(VendorFormat::metastatus, {{"graph-api", {"facebook", "instagram"}}});
const VendorPage kStatuspage = page_of(VendorFormat::statuspage, {{"API", {"shop"}}, {"k2", {"shop"}}});
const VendorPage kFeed = page_of(VendorFormat::feed, {{"*", {"shop"}}});

std::string organisations(const std::string& status, const std::string& more = "") {
  return R"([{"id": "ads", "name": "Ads", "services": [{"name": "Ads", "status": "High disruptions"}]},
    {"id": "graph-api", "name": "Graph API", "services": [{"id": "1", "name": "Webhooks", "status": ")" +
         status + "\"" + more + "}]}]";
}

std::string summary(const std::string& components, const std::string& incidents = "") {
  return R"({"page": {"name": "Shop"}, "components": [)" + components + R"(], "incidents": [)" + incidents + "]}";
}

std::string rss(const std::string& items) {
  return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>" + items + "</channel></rss>";
}

/// What is said of the first subject, or the reason why nothing is.
std::string said(const VendorPage& page, const std::string& body) {
  const auto claims = read_vendor_page(page, body);
  if (!claims) return "refused: " + claims.error();
  if (claims->empty()) return "nothing";
  const auto& claim = claims->front();
  return std::string{to_string(claim.state)} + ": " + claim.subject + ": " + claim.words;
}

}  // namespace

TEST_CASE("Meta's list tells the state of the products that are asked for and of no others") {
  const auto claims =
      read_vendor_page(kMeta, organisations("Medium disruptions", R"(, "time": "2024-03-05T15:17:00Z")"));
  REQUIRE(claims.has_value());
  REQUIRE(claims->size() == 1);
  const auto& claim = claims->front();
  CHECK(claim.subject == "Graph API: Webhooks");
  CHECK(claim.platforms == std::vector<std::string>{"facebook", "instagram"});
  CHECK(claim.state == VendorState::degraded);
  CHECK(claim.words == "Medium disruptions");
  CHECK(claim.since == parse_time("2024-03-05T15:17:00Z"));
}

TEST_CASE("a vendor's words are understood, and words that nobody knows are unclear") {
  CHECK(said(kMeta, organisations("No known issues")).starts_with("fine"));
  CHECK(said(kMeta, organisations("Resolved")).starts_with("fine"));
  CHECK(said(kMeta, organisations("Low disruptions")).starts_with("degraded"));
  CHECK(said(kMeta, organisations("HIGH DISRUPTIONS")).starts_with("outage"));
  CHECK(said(kMeta, organisations("Scheduled maintenance")).starts_with("maintenance"));
  CHECK(said(kMeta, organisations("Purple")).starts_with("unclear"));
}

TEST_CASE("times are read as mails write them and as seconds, and nonsense is no time") {
  const auto since = [](const std::string& time) {
    const auto claims = read_vendor_page(kMeta, organisations("Low disruptions", ", \"time\": " + time));
    REQUIRE(claims.has_value());
    return claims->front().since;
  };
  CHECK(since(R"("Tue, 05 Mar 2024 15:17:00 GMT")") == parse_time("2024-03-05T15:17:00Z"));
  CHECK(since("1709651820") == parse_time("2024-03-05T15:17:00Z"));
  for (const char* nonsense : {R"("soon")", "1e300", "-5", "[]", "null", "{\"a\": 1}", R"("")"})
    CHECK_MESSAGE(!since(nonsense).has_value(), nonsense);
}

TEST_CASE("a page in the Statuspage format tells of components and of incidents") {
  const std::string components =
      R"({"id": "k1", "name": "API", "status": "partial_outage", "updated_at": "2024-03-05T15:17:00Z"},
      {"id": "k2", "name": "Web", "status": "operational", "updated_at": "2020-01-01T00:00:00Z"},
      {"id": "k3", "name": "Other", "status": "major_outage"})";
  const auto claims = read_vendor_page(
      kStatuspage, summary(components, R"({"name": "Uploads fail", "status": "investigating", "impact": "major",
        "created_at": "2024-03-05T15:00:00Z", "components": [{"id": "k2"}]},
        {"name": "Not ours", "status": "investigating", "impact": "major", "components": [{"id": "k3"}]})"));
  REQUIRE(claims.has_value());
  REQUIRE(claims->size() == 3);
  CHECK((*claims)[0].state == VendorState::outage);
  CHECK((*claims)[0].since.has_value());
  CHECK((*claims)[1].state == VendorState::fine);
  CHECK_FALSE((*claims)[1].since.has_value());
  CHECK((*claims)[2].subject == "Uploads fail");
  CHECK((*claims)[2].platforms == std::vector<std::string>{"shop"});
  CHECK((*claims)[2].state == VendorState::outage);
}

TEST_CASE("of a feed the newest entry of each title counts, in RSS as in Atom") {
  const auto items =
      "<item><title>Uploads fail</title><description>Investigating</description>"
      "<pubDate>Wed, 03 Jul 2019 13:18:00 GMT</pubDate></item>"
      "<item><title>Uploads fail</title><description><![CDATA[<p>This issue is <b>resolved</b>.</p>]]>"
      "</description><pubDate>Thu, 04 Jul 2019 00:00:00 GMT</pubDate></item>";
  CHECK(said(kFeed, rss(items)).starts_with("fine: Uploads fail"));
  CHECK(said(kFeed,
             "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title type=\"text\">Slow &amp; late</title>"
             "<summary>Major outage</summary><updated>2019-07-03T13:18:00Z</updated></entry></feed>") ==
        "outage: Slow & late: Major outage");
  CHECK(said(kFeed, rss("")) == "nothing");
}

TEST_CASE("what is no such page is refused with the reason") {
  for (const std::string body : {"", "<html><body>Log in</body></html>", "null", "42", "\"text\"", "[[[", "{}", "[]",
                                 "{\"components\": {}}", "\xff\xfe\x00", "[1, \"a\", null, {\"id\": 5}]"}) {
    for (const auto& page : {kMeta, kStatuspage, kFeed}) CHECK_MESSAGE(said(page, body).starts_with("refused: "), body);
  }
}

TEST_CASE("a hostile page is bounded and leaves only inert text") {
  // Deeper than is read, and a list without end.
  CHECK(said(kMeta, std::string(100'000, '[')).starts_with("refused"));
  std::string many;
  for (int i = 0; i < 50'000; ++i)
    many += (i == 0 ? "" : ",") + std::string{R"({"id": "k2", "status": "operational", "name": "n)"} +
            std::to_string(i) + "\"}";
  const auto bounded = read_vendor_page(kStatuspage, summary(many));
  REQUIRE(bounded.has_value());
  CHECK(bounded->size() == 100);

  const auto wrong_types = read_vendor_page(
      kMeta,
      R"([{"id": "graph-api", "name": 7, "services": [null, 3, {"name": [], "status": {}}, {"name": "\u0000\u001b[31mx", "status": "Low disruptions"}]}])");
  REQUIRE(wrong_types.has_value());
  REQUIRE(wrong_types->size() == 1);
  CHECK(wrong_types->front().subject.find('\x1b') == std::string::npos);

  const auto script = read_vendor_page(kFeed, rss("<item><title>&lt;script&gt;alert(1)&lt;/script&gt;Down</title>"
                                                  "<description>" +
                                                  std::string(1 << 20, 'x') + "</description></item>"));
  REQUIRE(script.has_value());
  REQUIRE(script->size() == 1);
  CHECK(script->front().subject.find('<') == std::string::npos);
  CHECK(script->front().words.size() <= 200);

  // Entities that would grow without bound, and elements that never end.
  CHECK(said(kFeed, "<!DOCTYPE x [<!ENTITY a \"&a;&a;\">]>" + rss("<item><title>&a;&a;</title></item>")) ==
        "unclear: &a;&a;: &a;&a;");
  CHECK(said(kFeed, rss("<item><title>never ends")) == "nothing");
}
