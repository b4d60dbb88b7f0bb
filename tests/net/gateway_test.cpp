#include "net/gateway.hpp"

#include <doctest/doctest.h>

using namespace outaged::net;

namespace {

// As Linux has them, on a little-endian machine.
constexpr const char* kIpv4 =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "eth0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
const std::string kAny(32, '0');

std::string ipv6_route(const std::string& gateway, const std::string& flags = "00000003") {
  return kAny + " 00 " + kAny + " 00 " + gateway + " 00000400 00000001 00000000 " + flags + "     eth0\n";
}

}  // namespace

TEST_CASE("the gateway is that of the default route with the lowest metric") {
  CHECK(gateway_in(kIpv4, "") == "192.168.1.254");
  CHECK(gateway_in(kIpv4, ipv6_route("20010db8000000000000000000000001")) == "192.168.1.254");
  CHECK(gateway_in("", ipv6_route("20010db8000000000000000000000001")) == "2001:db8::1");
}

TEST_CASE("where no default route has a gateway that an address names there is none") {
  CHECK_FALSE(gateway_in("", "").has_value());
  CHECK_FALSE(gateway_in("eth0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n", "").has_value());
  CHECK_FALSE(gateway_in("", ipv6_route("fe800000000000000000000000000001")).has_value());
  CHECK_FALSE(gateway_in("", ipv6_route(kAny, "00200200")).has_value());
  CHECK_FALSE(gateway_in("eth0 00000000 XYZ 0003 0 0 0 00000000\n\n\x01\n", "00 00\n").has_value());
}
