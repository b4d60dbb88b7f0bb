#include "net/settings.hpp"

#include <doctest/doctest.h>

using namespace outaged::net;

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
