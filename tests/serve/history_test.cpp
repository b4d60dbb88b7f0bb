#include "serve/history.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "store/sample.hpp"

using namespace outaged;
using namespace outaged::serve;
using namespace std::chrono_literals;

namespace {

store::ComponentInterval interval(ComponentState state, Micros from, std::optional<Micros> until = std::nullopt) {
  store::ComponentInterval out{{"whatsapp", "media-upload"}, state, test::base_time() + from, std::nullopt};
  if (until) out.until = test::base_time() + *until;
  return out;
}

nlohmann::json buckets_of(const std::vector<Result>& results, WallTime until, Micros step) {
  Buckets buckets(test::base_time(), until, step);
  for (const auto& result : results) buckets.add(result);
  return buckets.form();
}

}  // namespace

TEST_CASE("results fall into buckets with attempts and failures by layer and the phases of successes") {
  const std::vector<Result> results{test::healthy_run("a", 0), test::healthy_run("a", 1), test::failed_run("a", 7)};
  const auto buckets = buckets_of(results, test::base_time() + 10min, 5min);
  REQUIRE(buckets.size() == 2);
  CHECK(buckets[0]["attempts"] == 2);
  CHECK(buckets[0]["failures"] == 0);
  CHECK(buckets[0]["phases_ms"]["tls"] == 45.0);
  CHECK(buckets[0]["p50_ms"].get<double>() == doctest::Approx(198.18));
  CHECK(buckets[1]["failures"] == 1);
  CHECK(buckets[1]["layers"]["http"] == 1);
  CHECK_FALSE(buckets[1].contains("p50_ms"));
}

TEST_CASE("results outside the window are left out and an empty window has no buckets") {
  const std::vector<Result> results{test::healthy_run("a", -1), test::healthy_run("a", 10)};
  CHECK(buckets_of(results, test::base_time() + 10min, 10min)[0]["attempts"] == 0);
  CHECK(buckets_of(results, test::base_time(), 1min).empty());
}

TEST_CASE("availability counts what is known and cuts intervals at the window") {
  const std::vector<store::ComponentInterval> all{
      interval(ComponentState::operational, -1h, 30min), interval(ComponentState::major_outage, 30min, 40min),
      interval(ComponentState::unknown, 40min, 50min), interval(ComponentState::degraded_performance, 50min)};
  const auto sum = availability(all, test::base_time(), test::base_time() + 1h);
  CHECK(sum.known == doctest::Approx(50 * 60));
  CHECK(sum.down == doctest::Approx(10 * 60));
  CHECK(sum.degraded == doctest::Approx(10 * 60));
}

TEST_CASE("days are whole days of UTC, oldest first, and the last one ends now") {
  const auto days = days_form({interval(ComponentState::operational, -15h)}, test::base_time(), 3);
  REQUIRE(days.size() == 3);
  CHECK(days[2]["day"] == "2019-07-03");
  CHECK(days[2]["known_s"] == 14 * 3600);
  CHECK(days[1]["known_s"] == 3600);
  CHECK(days[0]["known_s"] == 0);
}

TEST_CASE("a day has its worst state, however short it was") {
  const auto days = days_form(
      {interval(ComponentState::operational, -38h, -16h), interval(ComponentState::degraded_performance, -16h, -15h),
       interval(ComponentState::major_outage, -15h, -15h + 1min),
       interval(ComponentState::partial_outage, -15h + 1min, -10h), interval(ComponentState::unknown, -10h)},
      test::base_time(), 3);
  CHECK(days[0]["peak_state"] == "unknown");
  CHECK(days[1]["peak_state"] == "major_outage");
  CHECK(days[2]["peak_state"] == "partial_outage");
}
