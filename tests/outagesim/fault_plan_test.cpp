#include "outagesim/fault_plan.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "outagesim/bounded_store.hpp"

namespace outaged::sim {
namespace {

const Endpoint kFeed{{kFacebook}, {"feed-load"}, Endpoint::Kind::api, "graph.facebook.com"};
const Endpoint kPicture{{kFacebook}, {"media-download"}, Endpoint::Kind::bytes, "scontent.xx.fbcdn.net"};
const Endpoint kUpload{{kFacebook}, {"media-upload"}, Endpoint::Kind::api, "graph.facebook.com"};

Fault fault(FaultLayer layer, std::vector<std::string> functions = {}, double share = 1.0) {
  Fault out;
  out.platforms = {"facebook"};
  out.functions = std::move(functions);
  out.layer = layer;
  out.share = share;
  return out;
}

std::string decisions(std::uint64_t seed, bool others) {
  FaultPlan plan(seed);
  plan.add(fault(FaultLayer::http_5xx, {"media-upload", "media-download"}, 0.3));
  std::string out;
  for (int i = 0; i < 300; ++i) {
    if (others) (void)plan.strike(kPicture);
    const auto strike = plan.strike(kUpload);
    out += strike ? strike->shape + " " : "- ";
  }
  return out;
}

}  // namespace

TEST_CASE("the same seed makes the same decisions however often others are asked") {
  CHECK(decisions(7, false) == decisions(7, false));
  CHECK(decisions(7, false) == decisions(7, true));
  CHECK(decisions(7, false) != decisions(8, false));
}

TEST_CASE("a fault strikes its share") {
  FaultPlan plan(3);
  plan.add(fault(FaultLayer::api, {}, 0.3));
  int struck = 0;
  for (int i = 0; i < 10'000; ++i) struck += plan.strike(kFeed) ? 1 : 0;
  CHECK(struck > 2'800);
  CHECK(struck < 3'200);
}

TEST_CASE("a media fault means the hosts of the bytes") {
  CHECK(covers(fault(FaultLayer::http_5xx, {"media-download"}), kPicture));
  CHECK_FALSE(covers(fault(FaultLayer::http_5xx, {"media-download"}), kFeed));
  Endpoint lookup = kPicture;
  lookup.kind = Endpoint::Kind::lookup;
  CHECK_FALSE(covers(fault(FaultLayer::http_5xx, {"media-download"}), lookup));
  CHECK(covers(fault(FaultLayer::api, {"media-download"}), lookup));
  CHECK(covers(fault(FaultLayer::partial_content, {"feed-load"}), kPicture));
  CHECK_FALSE(covers(fault(FaultLayer::partial_content, {"feed-load"}), kFeed));
}

TEST_CASE("stored bytes and front pages need neither session nor application") {
  CHECK_FALSE(covers(fault(FaultLayer::api), kPicture));
  Endpoint public_picture = kPicture;
  public_picture.session = false;
  CHECK_FALSE(covers(fault(FaultLayer::auth), public_picture));
  CHECK(covers(fault(FaultLayer::auth), kFeed));
  CHECK(covers(fault(FaultLayer::api), kFeed));
}

TEST_CASE("a name fails when all that it serves fails") {
  const auto struck = [](const Fault& one, std::string_view name) {
    FaultPlan plan(1);
    plan.add(one);
    return plan.strike_host(*find_host(name), name, FaultLayer::dns, AddressFamily::ipv4).has_value();
  };
  const auto all = fault(FaultLayer::dns, {"media-upload", "media-download", "feed-load", "login", "message"});
  CHECK(struck(all, "www.facebook.com"));
  CHECK(struck(all, "graph.facebook.com"));
  CHECK_FALSE(struck(all, "web.whatsapp.com"));
  CHECK_FALSE(struck(all, "www.debian.org"));
  const auto upload = fault(FaultLayer::dns, {"media-upload"});
  CHECK(struck(upload, "rupload.facebook.com"));
  CHECK_FALSE(struck(upload, "graph.facebook.com"));
  auto named = fault(FaultLayer::dns);
  named.hosts = {"graph.facebook.com"};
  CHECK(struck(named, "graph.facebook.com"));
  CHECK_FALSE(struck(named, "rupload.facebook.com"));
  // WhatsApp has no host for uploads alone; then the shared one fails rather than nothing.
  auto whatsapp = fault(FaultLayer::dns, {"media-upload"});
  whatsapp.platforms = {"whatsapp"};
  CHECK(struck(whatsapp, "mmg.whatsapp.net"));
}

TEST_CASE("a TCP fault of one function of a shared host strikes once the request is known") {
  FaultPlan plan(1);
  plan.add(fault(FaultLayer::tcp, {"media-upload"}));
  CHECK_FALSE(
      plan.strike_host(*find_host("graph.facebook.com"), "graph.facebook.com", FaultLayer::tcp, AddressFamily::ipv4));
  CHECK(plan.strike(kUpload));
  CHECK_FALSE(plan.strike(kFeed));
}

TEST_CASE("latency slows everything that a fault covers, struck or not") {
  FaultPlan plan(1);
  auto slow = fault(FaultLayer::http_5xx, {"feed-load"}, 0.0);
  slow.latency_factor = 2.5;
  plan.add(slow);
  CHECK_FALSE(plan.strike(kFeed));
  CHECK(plan.pace(kFeed).factor == 2.5);
  CHECK(plan.pace(kUpload).factor == 1.0);
}

TEST_CASE("every layer's shapes are known and its first is usual") {
  for (const auto name : enum_names<FaultLayer>()) {
    const auto layer = parse_layer(name);
    REQUIRE(layer);
    CHECK_FALSE(shapes_of(*layer).empty());
  }
  CHECK(parse_layer("login") == FaultLayer::auth);
  CHECK(parse_layer("partial") == FaultLayer::partial_content);
  CHECK_FALSE(parse_layer("weather"));
}

TEST_CASE("a bounded store drops the oldest by number and by bytes") {
  BoundedStore<int> store(3, 100);
  for (int i = 0; i < 5; ++i) store.put(std::to_string(i), i, 10);
  CHECK(store.size() == 3);
  CHECK(store.find("1") == nullptr);
  CHECK(*store.find("4") == 4);
  store.put("big", 9, 95);
  CHECK(store.size() == 1);
  store.put("small", 1, 1);
  store.resize("small", 90);
  CHECK(store.find("big") == nullptr);
  CHECK(store.bytes() == 90);
  CHECK(store.erase("small"));
  CHECK_FALSE(store.erase("small"));
}

}  // namespace outaged::sim
