#include "probe/target.hpp"

#include <doctest/doctest.h>

using namespace outaged::probe;

TEST_CASE("targets are addresses or a host with a port") {
  CHECK(parse_target("https://graph.facebook.com/v1")->host == "graph.facebook.com");
  CHECK(parse_target("https://graph.facebook.com/v1")->port == 443);
  CHECK(parse_target("g.whatsapp.net:5222")->port == 5222);
  CHECK(parse_target("https://[2001:db8::1]:8443/")->host == "2001:db8::1");
  CHECK(origin_of(*parse_target("https://[2001:db8::1]:8443/x")) == "https://[2001:db8::1]:8443");
  for (const auto* text : {"file:///etc/passwd", "ftp://a/", "", "http://"})
    CHECK_FALSE(parse_target(text).has_value());
}

TEST_CASE("an origin is scheme, host and port together") {
  CHECK(same_origin("https://a.example/x", "https://a.example:443/y?z"));
  for (const auto* other :
       {"http://a.example/x", "https://a.example:8443/x", "https://b.example/x", "no address at all"}) {
    CAPTURE(other);
    CHECK_FALSE(same_origin("https://a.example/x", other));
  }
}

TEST_CASE("redirects lead to http and https and nowhere else") {
  CHECK(follow_location("https://a.example:8443/x/y", "../z") == "https://a.example:8443/z");
  CHECK(follow_location("https://a.example/x", "https://b.example/y#part") == "https://b.example:443/y");
  for (const auto* location : {"file:///etc/passwd", "gopher://a/", "javascript:alert(1)"}) {
    CAPTURE(location);
    CHECK_FALSE(follow_location("https://a.example/x", location).has_value());
  }
}

TEST_CASE("addresses of our own network are told from those of the internet") {
  for (const auto* text : {"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
                           "0.0.0.0", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "224.0.0.1", "no address"}) {
    CAPTURE(text);
    CHECK(is_internal_address(text));
  }
  for (const auto* text : {"157.240.1.35", "172.32.0.1", "8.8.8.8", "2a03:2880::1"})
    CHECK_FALSE(is_internal_address(text));
}
