#include "serve/user_reports.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"
#include "serve/ask.hpp"
#include "store/sample.hpp"
#include "support/temporary_directory.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

const ComponentId kReported{"whatsapp", "media-upload"};
const WallTime kReportTime = test::base_time();

}  // namespace

TEST_CASE("an address is heard once in ten minutes on each component") {
  ReportLimits limits;
  CHECK(limits.admit("192.0.2.1", kReported, kReportTime));
  CHECK_FALSE(limits.admit("192.0.2.1", kReported, kReportTime + 9min));
  CHECK(limits.admit("192.0.2.1", {"whatsapp", "login"}, kReportTime + 9min));
  CHECK(limits.admit("192.0.2.2", kReported, kReportTime + 9min));
  CHECK(limits.admit("192.0.2.1", kReported, kReportTime + 10min));
}

TEST_CASE("all addresses of one IPv6 network are one voice, and an IPv4 address is the same in IPv6 clothes") {
  ReportLimits limits;
  CHECK(limits.admit("2001:db8:1:2::1", kReported, kReportTime));
  CHECK_FALSE(limits.admit("2001:db8:1:2:ffff::9", kReported, kReportTime));
  CHECK(limits.admit("2001:db8:1:3::1", kReported, kReportTime));
  CHECK(limits.admit("192.0.2.1", kReported, kReportTime));
  CHECK_FALSE(limits.admit("::ffff:192.0.2.1", kReported, kReportTime));
  CHECK(limits.admit("::ffff:192.0.2.2", kReported, kReportTime));
}

TEST_CASE("an address that reports everything, and more addresses than can be remembered, are not heard") {
  ReportLimits limits;
  std::size_t heard = 0;
  for (int i = 0; i < 100; ++i)
    if (limits.admit("192.0.2.1", {"own", "site-" + std::to_string(i)}, kReportTime)) ++heard;
  CHECK(heard == ReportLimits::kMostOfOne);
  for (std::size_t i = 1; i < ReportLimits::kMostAddresses; ++i)
    CHECK(limits.admit("a" + std::to_string(i), kReported, kReportTime));
  CHECK_FALSE(limits.admit("one more", kReported, kReportTime));
  CHECK(limits.admit("one more", kReported, kReportTime + 10min));
}

TEST_CASE("a report reaches the daemon when its component is watched") {
  const test::TemporaryDirectory directory;
  auto writer = test::open_writer(directory / "outaged.db");
  store::Batch batch;
  batch.probes.push_back({{"w.upload"}, kReported, "t", Tier::open, 1min, store::ProbeState::active});
  writer->submit(std::move(batch));
  REQUIRE(writer->flush(10s));
  std::vector<ComponentId> reported;
  std::string said;
  Daemon daemon;
  daemon.database = directory / "outaged.db";
  daemon.now = [] { return kReportTime; };
  daemon.user_report = [&](const ComponentId& component, const std::string& words) {
    reported.push_back(component);
    said = words;
  };
  const auto gate = std::make_shared<Gate>(Secret{"admin-token"}, daemon.now);
  const auto routes = user_report_routes(daemon, gate);
  const auto post = [&](const std::string& body) {
    return test::ask(routes, test::request("POST", "/api/v1/user-reports", body));
  };
  CHECK(post(R"({"component": "whatsapp/media-upload"})").status == 202);
  CHECK(post(R"({"component": "whatsapp/media-upload"})").body.find("\"counted\":false") != std::string::npos);
  CHECK(reported == std::vector{kReported});
  CHECK(post(R"({"component": "whatsapp/teleport"})").status == 404);
  CHECK(post(R"({"component": "<script>"})").status == 400);
  CHECK(post(R"({"component": 1})").status == 400);
  CHECK(post("{").status == 400);
  CHECK(reported.size() == 1);

  // Words are for everybody to read: they need the token, and are one printable line.
  auto with_words = test::request("POST", "/api/v1/user-reports",
                                  R"({"component": "whatsapp/media-upload", "text": "Photos\nhang"})");
  with_words.peer = "192.0.2.7";
  CHECK(test::ask(routes, with_words).status == 401);
  CHECK(reported.size() == 1);
  with_words.headers["authorization"] = "Bearer admin-token";
  CHECK(test::ask(routes, with_words).status == 202);
  CHECK(said == "Photos hang");
  CHECK(post(R"({"component": "whatsapp/media-upload", "text": ")" + std::string(281, 'x') + R"("})").status == 400);
}
