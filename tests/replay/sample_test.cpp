// The schedule asks rows that stand close together.
#include <doctest/doctest.h>

#include "replay/rows.hpp"

using namespace outaged;
using namespace outaged::test;

TEST_CASE("a sample asks each probe once an interval while all is well, and says what share it used") {
  const auto rows = rows_of([](const auto&, const auto&, double) { return ""; }, 1h, 5s);
  const auto outcome = replay_of(text_of(rows), 60s);
  CHECK(outcome.rows.read == rows.size());
  const double share = static_cast<double>(outcome.rows.used) / static_cast<double>(outcome.rows.read);
  CHECK(share == doctest::Approx(5.0 / 60).epsilon(0.1));
  CHECK(outcome.record.incidents.empty());
}

TEST_CASE("quick re-checks find an outage sooner than the interval alone") {
  const auto dense = rows_of(uploads_fail, 3h, 5s);
  std::vector<Row> sparse = rows_of(uploads_fail, 3h, 60s);
  const auto opened = [](const Outcome& outcome) {
    REQUIRE(outcome.record.incidents.size() == 1);
    return outcome.record.incidents.begin()->second.opened_at;
  };
  const auto outcome = replay_of(text_of(dense), 60s);
  CHECK(opened(outcome) - (kStart + 60min) < 45s);
  CHECK(opened(outcome) <= opened(replay_of(text_of(sparse))) + 15s);
  CHECK(outcome.record.incidents.begin()->second.components.size() == 3);
  // While it fails, its end is watched for more often; the rest is asked as before.
  CHECK(outcome.rows.used < outcome.rows.read / 5);
}

TEST_CASE("a sampled row is not known before it ended") {
  const auto timeouts = [](const std::string& platform, const std::string& function, double minute) -> std::string {
    return uploads_fail(platform, function, minute).empty() ? "" : "timeout";
  };
  const auto outcome = replay_of(text_of(rows_of(timeouts, 3h, 5s)), 60s);
  REQUIRE(outcome.record.incidents.size() == 1);
  CHECK(outcome.record.incidents.begin()->second.opened_at >= kStart + 60min + 10s);
}

TEST_CASE("a row answers once: a re-check that finds no other row is no second failure") {
  const auto strays = [](const std::string& platform, const std::string& function, double minute) -> std::string {
    const bool hit = platform == "facebook" || platform == "instagram";
    return hit && function == "login" && within(minute, 60, 61) ? "http_5xx" : "";
  };
  const auto outcome = replay_of(text_of(rows_of(strays, 2h, 60s)), 60s);
  CHECK(outcome.record.incidents.empty());
  CHECK(outcome.rows.used <= outcome.rows.read);
}

TEST_CASE("where no row is near nothing is answered") {
  // Rows every half minute: some of the runs find none within five seconds, and none is used for another moment.
  const auto rows = rows_of(uploads_fail, 3h, 30s);
  const auto outcome = replay_of(text_of(rows), 60s);
  CHECK(outcome.rows.used > 0);
  CHECK(outcome.rows.used < outcome.rows.read);
}
