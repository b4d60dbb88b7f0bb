#include "notify/announce.hpp"

#include <doctest/doctest.h>

#include "base/json/parse.hpp"
#include "july_2019.hpp"

using namespace outaged;
using namespace outaged::notify;

TEST_CASE("an announcement becomes one row for each channel") {
  json::Faults faults;
  const auto section = json::parse_file_text(R"({"a": {"type": "slack", "url": "${secret:A}"},
                                                 "b": {"type": "slack", "url": "${secret:B}"}})",
                                             "f");
  const auto settings = settings_shape().read(*section, json::Cursor{"f", faults});
  REQUIRE(settings);
  const auto now = test::utc("2019-07-03T13:09:31Z");
  const auto context = test::july_2019_context();
  const auto rows = announce(test::july_2019(), incident::AnnouncementKind::opened, context, *settings, now);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].channel == "a");
  CHECK(rows[1].channel == "b");
  for (const auto& row : rows) {
    CHECK(row.reference == "12-opened-1");
    CHECK(row.incident == IncidentId{12});
    CHECK(row.kind == "opened");
    CHECK(row.created == now);
    CHECK(row.not_before == now);
    CHECK(row.expires == now + std::chrono::hours{24});
    const auto message = from_payload(row.payload);
    REQUIRE(message.has_value());
    CHECK(*message == compose(test::july_2019(), incident::AnnouncementKind::opened, context));
  }
}
