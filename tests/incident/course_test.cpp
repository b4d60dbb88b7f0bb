#include "incident/course.hpp"

#include <doctest/doctest.h>

using namespace outaged;
using namespace outaged::incident;
using enum outaged::IncidentState;

TEST_CASE("states follow each other as the table says and in no other way") {
  CHECK(next_state(investigating, Cause::located, true) == identified);
  CHECK(next_state(investigating, Cause::quiet, false) == monitoring);
  CHECK(next_state(identified, Cause::quiet, true) == monitoring);
  CHECK(next_state(monitoring, Cause::relapsed, false) == investigating);
  CHECK(next_state(monitoring, Cause::relapsed, true) == identified);
  CHECK(next_state(monitoring, Cause::over, true) == resolved);
  CHECK_FALSE(next_state(monitoring, Cause::located, true));
  CHECK_FALSE(next_state(identified, Cause::relapsed, true));
  for (const auto cause : {Cause::located, Cause::quiet, Cause::relapsed, Cause::over}) {
    CHECK_FALSE(next_state(resolved, cause, true));
  }
}
