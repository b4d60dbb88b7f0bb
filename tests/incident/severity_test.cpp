#include "incident/severity.hpp"

#include <doctest/doctest.h>

#include "incident/findings.hpp"

using namespace outaged;
using namespace outaged::incident;
using namespace outaged::test;

TEST_CASE("severity grows with share and function and number of platforms") {
  constexpr auto kMajor = ComponentState::major_outage;
  constexpr auto kPartial = ComponentState::partial_outage;
  constexpr auto kSlow = ComponentState::degraded_performance;
  struct Row {
    std::vector<AffectedComponent> components;
    Severity severity;
  };
  const Row rows[] = {
      {{affected("whatsapp/message", kSlow)}, Severity::minor},
      {{affected("whatsapp/media-upload", kPartial)}, Severity::minor},
      {{affected("whatsapp/message", kPartial)}, Severity::major},
      {{affected("whatsapp/media-upload", kMajor)}, Severity::major},
      // Two functions of one platform are no graver than the worse one.
      {{affected("whatsapp/media-upload", kMajor), affected("whatsapp/media-download", kMajor)}, Severity::major},
      {{affected("whatsapp/media-upload", kPartial), affected("instagram/media-upload", kPartial)}, Severity::major},
      {{affected("whatsapp/login", kMajor), affected("instagram/login", kMajor)}, Severity::critical},
      {{affected("whatsapp/media-upload"), affected("instagram/media-upload"), affected("facebook/media-upload")},
       Severity::critical},
  };
  for (const Row& row : rows) CHECK(severity_of(incident_of(row.components)) == row.severity);
}

TEST_CASE("the worst so far counts") {
  auto one = affected("whatsapp/message");
  one.state = ComponentState::operational;
  CHECK(severity_of(incident_of({one})) == Severity::major);
}
