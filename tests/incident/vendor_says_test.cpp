#include "incident/vendor_says.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"
#include "incident/timeline.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace std::chrono_literals;

namespace {

const ProbeId kPage{"vendor.meta"};
const WallTime kDetected = parse_time("2019-07-03T12:50:00Z").value();

Incident whatsapp_incident() {
  Incident incident;
  incident.id = {1};
  incident.onset = kDetected - 2min;
  incident.opened_at = kDetected;
  AffectedComponent member;
  member.id = {"whatsapp", "media-upload"};
  incident.components.push_back(member);
  return incident;
}

VendorClaim claim(VendorState state, const std::string& words, std::optional<WallTime> since = {}) {
  return {"Cloud API", {"whatsapp"}, state, words, since};
}

struct Vendor {
  VendorSays says;
  Incident incident = whatsapp_incident();

  /// What is added to the timeline when the page says this.
  std::vector<std::string> read(const std::vector<VendorClaim>& claims, WallTime now) {
    says.take(kPage, "Meta", claims, now);
    auto news = says.news(incident);
    std::string entry;
    for (const auto& text : news) entry += (entry.empty() ? "" : " ") + text;
    if (!entry.empty()) note(incident, now, UpdateKind::vendor, entry);
    return news;
  }
};

}  // namespace

TEST_CASE("what a vendor admits is told once, with how much later than our detection it came") {
  Vendor vendor;
  CHECK(vendor.read({claim(VendorState::fine, "No known issues")}, kDetected + 3min).empty());
  const auto trouble = claim(VendorState::outage, "High disruptions", kDetected + 28min);
  CHECK(vendor.read({trouble}, kDetected + 30min) ==
        std::vector<std::string>{
            "Meta says of Cloud API: High disruptions, since 2019-07-03 13:18 UTC; 28 minutes after our "
            "detection."});
  CHECK(vendor.read({trouble}, kDetected + 33min).empty());
}

TEST_CASE("a vendor that speaks before our detection has the lead") {
  Vendor vendor;
  const auto news = vendor.read({claim(VendorState::degraded, "Low disruptions", kDetected - 10min)}, kDetected + 1min);
  REQUIRE(news.size() == 1);
  CHECK(news[0].ends_with("; 10 minutes before our detection."));
}

TEST_CASE("without a time of the vendor's own the moment counts at which we read it first") {
  Vendor vendor;
  const auto news = vendor.read({claim(VendorState::outage, "Down")}, kDetected + 6min);
  CHECK(news == std::vector<std::string>{"Meta says of Cloud API: Down; 6 minutes after our detection."});
  CHECK(vendor.read({claim(VendorState::outage, "Down")}, kDetected + 9min).empty());
}

TEST_CASE("the end of trouble is told, and trouble that comes again") {
  Vendor vendor;
  (void)vendor.read({claim(VendorState::outage, "Down")}, kDetected + 6min);
  CHECK(vendor.read({claim(VendorState::fine, "Resolved")}, kDetected + 60min) ==
        std::vector<std::string>{"Meta says of Cloud API: Resolved."});
  CHECK(vendor.read({claim(VendorState::fine, "Resolved")}, kDetected + 63min).empty());
  CHECK(vendor.read({claim(VendorState::outage, "Down")}, kDetected + 70min).size() == 1);
}

TEST_CASE("trouble that is gone from the page is over") {
  Vendor vendor;
  (void)vendor.read({claim(VendorState::outage, "Down")}, kDetected + 6min);
  CHECK(vendor.read({}, kDetected + 60min) == std::vector<std::string>{"Meta says of Cloud API: no longer mentioned."});
}

TEST_CASE("nothing is told twice after a restart") {
  Vendor vendor;
  const auto trouble = claim(VendorState::outage, "High disruptions", kDetected + 28min);
  (void)vendor.read({trouble}, kDetected + 30min);
  vendor.says = VendorSays{};
  CHECK(vendor.read({trouble}, kDetected + 40min).empty());
}

TEST_CASE("other platforms' trouble, old trouble and unclear words are not told") {
  Vendor vendor;
  auto others = claim(VendorState::outage, "Down");
  others.platforms = {"facebook"};
  CHECK(vendor.read({others}, kDetected).empty());
  CHECK(vendor.read({claim(VendorState::outage, "Down", kDetected - 48h)}, kDetected).empty());
  CHECK(vendor.read({claim(VendorState::unclear, "Purple")}, kDetected).empty());
}

TEST_CASE("what stands beside something else in one entry is not told again either") {
  Vendor vendor;
  auto another = claim(VendorState::outage, "Down");
  another.subject = "Management API";
  CHECK(vendor.read({claim(VendorState::outage, "Down"), another}, kDetected + 6min).size() == 2);
  CHECK(vendor.read({claim(VendorState::outage, "Down"), another}, kDetected + 9min).empty());
  CHECK(vendor.read({claim(VendorState::fine, "Resolved"), another}, kDetected + 12min).size() == 1);
}
