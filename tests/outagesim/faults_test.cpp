// Every kind of fault, seen by a real client.
#include <algorithm>

#include <curl/curl.h>
#include <doctest/doctest.h>

#include "outagesim/running.hpp"

namespace outaged::test {
namespace {

using Json = nlohmann::json;

std::string feed(const Running& sim) {
  return sim.graph() + "/" + sim.variable("facebook_page_id") + "/feed?fields=full_picture&limit=1";
}

Fetched load_feed(const Running& sim, long timeout_ms = 10'000) {
  return sim.fetch(feed(sim), {"GET", {sim.bearer("facebook_page_token")}, "", {}, timeout_ms});
}

std::string picture_of(const Running& sim) {
  return load_feed(sim).json().at("data")[0].at("full_picture");
}

bool has_ipv6(const Running& sim) {
  const auto families = sim.control("GET", "/state").at("families");
  const bool has = std::ranges::find(families, "ipv6") != families.end();
  if (!has) MESSAGE("loopback has no IPv6 here");
  return has;
}

}  // namespace

TEST_CASE("names of a platform fail in every way that names fail") {
  const Running sim;
  const std::string server = sim.ready.at("network").at("dns")[0];
  for (const auto transport : {DnsTransport::udp, DnsTransport::tcp}) {
    (void)sim.control("DELETE", "/faults");
    CHECK(resolve(server, "www.facebook.com", transport).address == "127.0.0.1");
    CHECK(resolve(server, "scontent-fra3-1.xx.fbcdn.net", transport).address == "127.0.0.1");
    CHECK(resolve(server, "nobody.example", transport).rcode == 3);
    const auto rcode_with = [&](const std::string& shape) {
      sim.only_fault({{"platform", "facebook"}, {"layer", "dns"}, {"shape", shape}});
      CHECK(resolve(server, "web.whatsapp.com", transport).rcode == 0);
      return resolve(server, "graph.facebook.com", transport, shape == "timeout" ? 200 : 5'000).rcode;
    };
    CHECK(rcode_with("servfail") == 2);
    CHECK(rcode_with("nxdomain") == 3);
    CHECK(rcode_with("refused") == 5);
    CHECK(rcode_with("empty") == 0);
    CHECK(rcode_with("timeout") == -1);
  }
}

TEST_CASE("TCP and TLS faults hit one platform behind the shared port") {
  const Running sim;
  struct Case {
    const char* layer;
    const char* shape;
    int curl_code;
  };
  for (const auto& [layer, shape, code] :
       {Case{"tcp", "reset", CURLE_SSL_CONNECT_ERROR}, Case{"tls", "garbage", CURLE_SSL_CONNECT_ERROR},
        Case{"tls", "alert", CURLE_SSL_CONNECT_ERROR}, Case{"tls", "close", CURLE_SSL_CONNECT_ERROR},
        Case{"tls", "wrong_name", CURLE_PEER_FAILED_VERIFICATION},
        Case{"tls", "expired", CURLE_PEER_FAILED_VERIFICATION}, Case{"tcp", "silent", CURLE_OPERATION_TIMEDOUT}}) {
    INFO(layer, "/", shape);
    sim.only_fault({{"platform", "instagram"}, {"layer", layer}, {"shape", shape}});
    const bool waits = code == CURLE_OPERATION_TIMEDOUT;
    CHECK(sim.fetch(sim.variable("instagram_web") + "/", {"GET", {}, "", {}, waits ? 300 : 10'000}).curl_code == code);
    CHECK(sim.fetch(sim.variable("facebook_web") + "/").status == 200);
  }
}

TEST_CASE("the edge fails without an envelope") {
  const Running sim;
  for (const auto* shape : {"500", "502", "503", "504"}) {
    sim.only_fault({{"platform", "facebook"}, {"function", "feed-load"}, {"layer", "http_5xx"}, {"shape", shape}});
    const auto answer = load_feed(sim);
    CHECK(answer.status == std::stoi(shape));
    CHECK(answer.headers.at("content-type").starts_with("text/html"));
    CHECK(answer.body.find("\"error\"") == std::string::npos);
  }
  sim.only_fault({{"platform", "facebook"}, {"layer", "http_5xx"}, {"shape", "reset"}});
  CHECK(load_feed(sim).curl_code == CURLE_RECV_ERROR);
  sim.only_fault({{"platform", "facebook"}, {"layer", "timeout"}});
  CHECK(load_feed(sim, 300).curl_code == CURLE_OPERATION_TIMEDOUT);
}

TEST_CASE("the application fails with an envelope") {
  const Running sim;
  sim.only_fault({{"platform", "facebook"}, {"layer", "api"}});
  const auto down = load_feed(sim);
  CHECK(down.status == 503);
  CHECK(down.json().at("error").at("code") == 2);
  CHECK(down.json().at("error").at("is_transient") == true);
  sim.only_fault({{"platform", "facebook"}, {"layer", "api"}, {"shape", "400"}, {"code", 1}});
  const auto refused = load_feed(sim);
  CHECK(refused.status == 400);
  CHECK(refused.json().at("error").at("code") == 1);
  sim.only_fault({{"platform", "whatsapp"}, {"layer", "api"}, {"code", 131000}});
  const auto number =
      sim.fetch(sim.graph() + "/" + sim.variable("whatsapp_phone_number_id"), {"GET", {sim.bearer("whatsapp_token")}});
  CHECK(number.json().at("error").at("code") == 131000);
  CHECK(load_feed(sim).status == 200);
}

TEST_CASE("when sessions drop those with a token are told so and log-in pages break") {
  const Running sim;
  sim.only_fault({{"platforms", {"facebook", "instagram"}}, {"layer", "login"}});
  const auto answer = load_feed(sim);
  CHECK(answer.json().at("error").at("code") == 190);
  CHECK(sim.fetch(sim.variable("facebook_web") + "/login/").status == 500);
  CHECK(sim.fetch(sim.variable("facebook_web") + "/").status == 200);
  CHECK(sim.fetch(sim.graph() + "/").json().at("error").at("code") == 100);
  CHECK(sim.fetch(sim.graph() + "/me").json().at("error").at("code") == 1);
  CHECK(sim.fetch(sim.graph() + "/" + sim.variable("whatsapp_phone_number_id"), {"GET", {sim.bearer("whatsapp_token")}})
            .status == 200);
}

TEST_CASE("pictures of a feed arrive in part or not at all while its text is whole") {
  const Running sim;
  const std::string picture = picture_of(sim);
  sim.only_fault({{"platform", "facebook"}, {"function", "feed-load"}, {"layer", "partial_content"}});
  CHECK(load_feed(sim).status == 200);
  CHECK(sim.fetch(picture).curl_code == CURLE_PARTIAL_FILE);
  sim.only_fault(
      {{"platform", "facebook"}, {"function", "feed-load"}, {"layer", "partial_content"}, {"shape", "missing"}});
  const auto empty = sim.fetch(picture);
  CHECK(empty.curl_code == CURLE_OK);
  CHECK(empty.body.empty());
}

TEST_CASE("a media fault leaves look-up and feed in health") {
  const Running sim;
  const std::string picture = picture_of(sim);
  sim.only_fault({{"platform", "facebook"}, {"function", "media-download"}, {"layer", "http_5xx"}, {"shape", "503"}});
  CHECK(load_feed(sim).status == 200);
  CHECK(sim.fetch(picture).status == 503);
  sim.only_fault({{"platform", "facebook"}, {"function", "media-upload"}, {"layer", "http_5xx"}, {"shape", "502"}});
  CHECK(sim.fetch(picture).status == 200);
  CHECK(sim.fetch(sim.graph() + "/" + sim.variable("facebook_app_id") + "/uploads",
                  {"POST", {sim.bearer("facebook_user_token")}})
            .status == 502);
}

TEST_CASE("an answer can stall in the middle or come late") {
  const Running sim;
  const std::string picture = picture_of(sim);
  sim.only_fault({{"platform", "facebook"}, {"layer", "stall"}});
  const auto stalled = sim.fetch(picture, {"GET", {}, "", {}, 500});
  CHECK(stalled.curl_code == CURLE_OPERATION_TIMEDOUT);
  CHECK(stalled.status == 200);
  sim.only_fault({{"platform", "facebook"}, {"layer", "slow"}, {"latency", "20s"}});
  CHECK(sim.fetch(picture, {"GET", {}, "", {}, 300}).curl_code == CURLE_OPERATION_TIMEDOUT);
  sim.only_fault({{"platform", "facebook"}, {"layer", "slow"}, {"latency", "10ms"}});
  CHECK(sim.fetch(picture).status == 200);
}

TEST_CASE("strangers are turned away in the known ways") {
  const Running sim;
  const auto turned_away = [&](const std::string& shape) {
    sim.only_fault({{"platform", "instagram"}, {"layer", "blocked"}, {"shape", shape}});
    return sim.fetch(sim.variable("instagram_web") + "/");
  };
  const auto login = turned_away("login");
  CHECK(login.status == 302);
  CHECK(login.headers.at("location").ends_with("/accounts/login/"));
  CHECK(turned_away("rate").status == 429);
  CHECK(turned_away("captcha").body.find("captcha") != std::string::npos);
}

TEST_CASE("WhatsApp's chat port is refused while its connections fail and open again after") {
  const Running sim;
  const std::string url = "http://" + sim.variable("whatsapp_chat") + "/";
  const auto connect = [&] { return sim.fetch(url, {"GET", {}, "", {}, 300}).curl_code; };
  CHECK(connect() == CURLE_OPERATION_TIMEDOUT);  // it takes the connection and says nothing
  sim.only_fault({{"platform", "whatsapp"}, {"function", "message"}, {"layer", "tcp"}});
  CHECK(connect() == CURLE_COULDNT_CONNECT);
  (void)sim.control("DELETE", "/faults");
  CHECK(connect() == CURLE_OPERATION_TIMEDOUT);
}

TEST_CASE("without our own network nothing answers and afterwards everything does") {
  const Running sim;
  const auto google = [&] { return sim.fetch(sim.variable("control_google") + "/").curl_code; };
  const auto facebook = [&] { return sim.fetch(sim.variable("facebook_web") + "/").curl_code; };
  const auto quad9 = [&] {
    return resolve(sim.variable("control_dns_quad9"), "dns.quad9.net", DnsTransport::udp, 300).rcode;
  };
  CHECK(quad9() == 0);
  (void)sim.control("PUT", "/control-hosts", {{"cut", true}});
  CHECK(google() == CURLE_COULDNT_CONNECT);
  CHECK(facebook() == CURLE_COULDNT_CONNECT);
  CHECK(quad9() == -1);
  (void)sim.control("PUT", "/control-hosts", {{"cut", true}, {"platforms", false}});
  CHECK(google() == CURLE_COULDNT_CONNECT);
  CHECK(facebook() == CURLE_OK);
  (void)sim.control("PUT", "/control-hosts", {{"cut", false}});
  CHECK(google() == CURLE_OK);
  CHECK(quad9() == 0);
}

TEST_CASE("the journal tells what was served and what was struck") {
  const Running sim;
  CHECK(load_feed(sim).status == 200);
  sim.only_fault({{"platform", "facebook"}, {"layer", "http_5xx"}, {"shape", "503"}});
  CHECK(load_feed(sim).status == 503);
  const auto journal = sim.control("GET", "/journal");
  const auto& entries = journal.at("entries");
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].at("platform") == "facebook");
  CHECK(entries[0].at("function") == "feed-load");
  CHECK(entries[0].at("fault") == "");
  CHECK(entries[0].at("status") == 200);
  CHECK(entries[1].at("fault") == "http_5xx/503");
  CHECK(journal.dump().find(sim.ready.at("secrets").at("facebook_page_token").get<std::string>()) == std::string::npos);
  CHECK(sim.control("GET", "/journal?after=1").at("entries").size() == 1);
  CHECK(sim.control("GET", "/state").at("journal").at("struck") == 1);
}

TEST_CASE("the control API refuses what it does not understand with every reason") {
  const Running sim;
  const std::string api = sim.ready.at("control");
  const auto refused = sim.fetch(api + "/faults", {"PUT", {}, R"([{"layer":"htp_5xx","share":2,"extra":1}])"});
  CHECK(refused.status == 400);
  CHECK(refused.json().at("reasons").size() == 3);
  CHECK(refused.body.find("http_5xx") != std::string::npos);
  CHECK(sim.fetch(api + "/faults", {"PUT", {}, "not json"}).status == 400);
  CHECK(sim.fetch(api + "/tokens/myspace", {"PUT", {}, R"({"state":"valid"})"}).status == 404);
  CHECK(sim.fetch(api + "/nothing").status == 404);
  CHECK(sim.control("GET", "/faults").empty());
  const auto id = sim.control("POST", "/faults", {{"layer", "slow"}, {"platform", "facebook"}}).at("id").get<int>();
  const auto on = sim.control("GET", "/faults");
  CHECK(on[0].at("platforms") == Json::array({"facebook"}));
  // What it tells can be sent back to it.
  CHECK(sim.control("PUT", "/faults", on).size() == 1);
  CHECK(sim.control("DELETE", "/faults").empty());
  CHECK(sim.control("POST", "/faults", {{"layer", "slow"}}).at("id") == id + 2);
  CHECK(sim.control("DELETE", "/faults/" + std::to_string(id + 2)).empty());
}

TEST_CASE("a fault of one address family leaves the other one well") {
  const Running sim;
  if (!has_ipv6(sim)) return;
  Fetch over_ipv6;
  over_ipv6.family = sim::AddressFamily::ipv6;
  const auto url = sim.variable("facebook_web") + "/";
  const auto server = sim.ready.at("network").at("dns").at(0).get<std::string>();
  const auto works = [&](const Fetch& how) {
    const auto fetched = sim.fetch(url, how);
    return fetched.curl_code == 0 && fetched.status == 200;
  };
  const auto address = [&](sim::AddressFamily family) {
    return resolve(server, "www.facebook.com", DnsTransport::udp, 5'000, family).address;
  };
  CHECK(works({}));
  CHECK(works(over_ipv6));
  CHECK(address(sim::AddressFamily::ipv6) == "::1");

  for (const char* layer : {"tcp", "tls", "http_5xx"}) {
    CAPTURE(layer);
    sim.only_fault({{"platform", "facebook"}, {"layer", layer}, {"family", "ipv6"}});
    CHECK(works({}));
    CHECK_FALSE(works(over_ipv6));
    sim.only_fault({{"platform", "facebook"}, {"layer", layer}, {"family", "ipv4"}});
    CHECK_FALSE(works({}));
    CHECK(works(over_ipv6));
  }
  sim.only_fault({{"platform", "facebook"}, {"layer", "dns"}, {"family", "ipv6"}});
  CHECK(address(sim::AddressFamily::ipv4) == "127.0.0.1");
  CHECK(address(sim::AddressFamily::ipv6).empty());
}

TEST_CASE("a fault of one address family takes the chat edge of that family alone") {
  const Running sim;
  if (!has_ipv6(sim)) return;
  const std::string url = "http://" + sim.variable("whatsapp_chat") + "/";
  const auto open = [&](sim::AddressFamily family) {
    Fetch fetch;
    fetch.family = family;
    fetch.timeout_ms = 200;
    return sim.fetch(url, fetch).curl_code != CURLE_COULDNT_CONNECT;
  };
  const auto ipv4 = sim::AddressFamily::ipv4;
  const auto ipv6 = sim::AddressFamily::ipv6;
  CHECK(open(ipv4));
  CHECK(open(ipv6));
  sim.only_fault({{"platform", "whatsapp"}, {"layer", "tcp"}, {"family", "ipv6"}});
  CHECK(open(ipv4));
  CHECK_FALSE(open(ipv6));
  sim.only_fault({{"platform", "whatsapp"}, {"layer", "tcp"}, {"family", "ipv4"}});
  CHECK_FALSE(open(ipv4));
  CHECK(open(ipv6));
  CHECK(sim.control("DELETE", "/faults").empty());
  CHECK(open(ipv4));
}

}  // namespace outaged::test
