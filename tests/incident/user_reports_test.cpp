#include "incident/user_reports.hpp"

#include <doctest/doctest.h>

#include "base/units.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace std::chrono_literals;

namespace {

const ComponentId kReported{"whatsapp", "media-upload"};
const ComponentId kAnother{"facebook", "feed-load"};
const WallTime kReportTime = parse_time("2019-07-03T13:00:00Z").value();

}  // namespace

TEST_CASE("each level of reports raises attention once") {
  UserReports reports;
  std::vector<std::size_t> raised;
  for (int i = 0; i < 120; ++i) {
    if (const auto level = reports.add(kReported, kReportTime + i * 1s)) raised.push_back(*level);
  }
  CHECK(raised == std::vector<std::size_t>{3, 10, 30, 100});
}

TEST_CASE("reports of other components and of long ago do not count") {
  UserReports reports;
  CHECK_FALSE(reports.add(kReported, kReportTime));
  CHECK_FALSE(reports.add(kAnother, kReportTime));
  CHECK_FALSE(reports.add(kReported, kReportTime + 1s));
  CHECK_FALSE(reports.add(kReported, kReportTime + UserReports::kWindow));
  CHECK(reports.add(kReported, kReportTime + UserReports::kWindow) == 3);
}

TEST_CASE("when all was quiet in between, the first level counts again") {
  UserReports reports;
  for (int i = 0; i < 5; ++i) reports.add(kReported, kReportTime);
  const WallTime later = kReportTime + 1h;
  CHECK_FALSE(reports.add(kReported, later));
  CHECK_FALSE(reports.add(kReported, later));
  CHECK(reports.add(kReported, later) == 3);
}

TEST_CASE("what a user said before an outage was noticed is told with the reports, for an hour") {
  UserReports reports;
  reports.add(kReported, kReportTime, "Photos hang");
  reports.add(kReported, kReportTime + 50min, "");
  const auto early = reports.early(kReported, kReportTime + 51min);
  REQUIRE(early.has_value());
  CHECK(sentence_on_early_reports(kReported, *early) ==
        "2 user reports since 13:00 UTC, before it was detected: Media upload on WhatsApp. “Photos hang”");
  CHECK(reports.early(kReported, kReportTime + 61min)->words.empty());
  CHECK(sentence_on_words(kReported, "Photos hang") ==
        "A user reports trouble: Media upload on WhatsApp. “Photos hang”");
}

TEST_CASE("a clock that was set back loses reports and nothing else") {
  UserReports reports;
  for (int i = 0; i < 5; ++i) reports.add(kReported, kReportTime);
  CHECK_FALSE(reports.add(kReported, kReportTime - 2h));
  CHECK_FALSE(reports.add(kReported, kReportTime - 2h));
  CHECK(reports.add(kReported, kReportTime - 2h) == 3);
}

TEST_CASE("what users said before an outage was noticed is remembered for an hour, and no longer than the outage") {
  UserReports reports;
  CHECK_FALSE(reports.early(kReported, kReportTime));
  reports.add(kReported, kReportTime - 2h);
  for (int i = 0; i < 13; ++i) reports.add(kReported, kReportTime + i * 1min);
  reports.add(kAnother, kReportTime);
  CHECK(reports.early(kReported, kReportTime + 30min) == EarlyReports{13, kReportTime});
  CHECK(reports.early(kReported, kReportTime + 65min) == EarlyReports{7, kReportTime + 6min});
  CHECK(sentence_on_early_reports(kReported, {13, kReportTime}) ==
        "13 user reports since 13:00 UTC, before it was detected: Media upload on WhatsApp.");
  reports.forget(kReported);
  CHECK_FALSE(reports.early(kReported, kReportTime + 30min));
}
