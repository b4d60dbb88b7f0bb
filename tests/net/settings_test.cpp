#include "net/settings.hpp"

#include <doctest/doctest.h>

#include "base/json/parse.hpp"

using namespace outaged;
using namespace outaged::net;

namespace {

/// What a section "network" is read as; nothing when it has a fault.
std::optional<Settings> read(const char* text) {
  json::Faults faults;
  return settings_shape().read(json::parse_file_text(text, "outaged.json").value(),
                               json::Cursor("outaged.json", faults));
}

}  // namespace

TEST_CASE("a name server is an address with or without a port") {
  CHECK(parse_server("9.9.9.9")->address == "9.9.9.9");
  CHECK_FALSE(parse_server("9.9.9.9")->port.has_value());
  CHECK(parse_server("127.0.0.1:5353")->port == 5353);
  CHECK(parse_server("2620:fe::fe")->address == "2620:fe::fe");
  CHECK(parse_server("[2620:fe::fe]:53")->address == "2620:fe::fe");
  CHECK(parse_server("[2620:fe::fe]:53")->port == 53);
}

TEST_CASE("names and nonsense are no name servers") {
  for (const auto* text : {"", "dns.quad9.net", "9.9.9.9:", "9.9.9.9:0", "9.9.9.9:99999", "9.9.9", "[::1]", "::1:x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_server(text).has_value());
  }
}

TEST_CASE("probes introduce themselves, and say how to reach who runs them where it is configured") {
  CHECK(introduction(read("{}").value()) == "outaged/0.1 (outage monitor)");
  CHECK(introduction(read(R"({"contact": "ops@shop.example"})").value()) ==
        "outaged/0.1 (outage monitor) (+ops@shop.example)");
  CHECK(introduction(read(R"({"user_agent": "shop", "contact": "https://shop.example/about?x=1"})").value()) ==
        "shop (+https://shop.example/about?x=1)");
}

TEST_CASE("a contact that is none, and what would not fit in one line of ASCII, is refused") {
  for (const char* text :
       {R"({"contact": "ops"})", R"({"contact": "ops@shop.example\r\nX: y"})",
        R"({"contact": "https://shop.example/) evil ("})", R"({"contact": "ftp://shop.example"})",
        R"({"contact": "öps@shop.example"})", R"({"user_agent": "a\nb"})", R"({"user_agent": ""})"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text).has_value());
  }
}
