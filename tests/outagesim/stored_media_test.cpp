// WhatsApp's stored media: parts of them, and their end.
#include <doctest/doctest.h>

#include "outagesim/byte_range.hpp"
#include "outagesim/offline.hpp"

namespace outaged::test {
namespace {

using namespace std::chrono_literals;

std::string header(const sim::Reply& reply, const std::string& name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("a part of stored media is given where one is asked for") {
  struct Case {
    const char* range;
    unsigned status;
    const char* body;
    const char* content_range;
  };
  sim::Reply stored = sim::text_reply(200, "text/plain", "0123456789");
  stored.headers.emplace_back("ETag", "\"a\"");
  for (const auto& row :
       {Case{"bytes=2-5", 206, "2345", "bytes 2-5/10"}, Case{"bytes=8-", 206, "89", "bytes 8-9/10"},
        Case{"bytes=-3", 206, "789", "bytes 7-9/10"}, Case{"bytes=-30", 206, "0123456789", "bytes 0-9/10"},
        Case{"bytes=9-99999999999999999999999", 206, "9", "bytes 9-9/10"}, Case{"bytes=10-", 416, "", "bytes */10"},
        Case{"bytes=-0", 416, "", "bytes */10"}, Case{"bytes=5-2", 200, "0123456789", ""},
        Case{"bytes=a-2", 200, "0123456789", ""}, Case{"bytes=-", 200, "0123456789", ""},
        Case{"bytes=0-1,4-5", 200, "0123456789", ""}, Case{"lines=0-1", 200, "0123456789", ""},
        Case{"", 200, "0123456789", ""}}) {
    INFO(row.range);
    const auto reply = sim::ranged(Offline::request("GET", "https://x/", {{"range", row.range}}), stored);
    CHECK(reply.status == row.status);
    CHECK(reply.body == row.body);
    CHECK(header(reply, "Content-Range") == row.content_range);
  }
  const auto changed = Offline::request("GET", "https://x/", {{"range", "bytes=2-5"}, {"if-range", "\"b\""}});
  CHECK(sim::ranged(changed, stored).status == 200);
}

TEST_CASE("the host of stored media keeps its promise to accept ranges") {
  Offline sim;
  const std::string url = sim.graph("GET", sim.store_document(), "whatsapp_token").at("url");
  const auto whole = sim.ask("GET", url, {sim.token("whatsapp_token")});
  CHECK(header(whole, "Accept-Ranges") == "bytes");
  const auto part = sim.ask("GET", url, {sim.token("whatsapp_token"), {"range", "bytes=1-3"}});
  CHECK(part.status == 206);
  CHECK(part.body == "PDF");
}

TEST_CASE("stored media are gone after thirty days") {
  Offline sim;
  const auto id = sim.store_document();
  sim.clock.run_for(30 * 24h - 1s);
  CHECK(sim.graph_code("GET", id, "whatsapp_token") == 0);
  const std::string url = sim.graph("GET", id, "whatsapp_token").at("url");
  sim.clock.run_for(1s);
  CHECK(sim.ask("GET", url, {sim.token("whatsapp_token")}).status == 404);
  CHECK(sim.graph("GET", id, "whatsapp_token").at("error").at("error_subcode") == 33);
}

TEST_CASE("a version that does not exist is no version") {
  Offline sim;
  for (const auto* version : {"v99.0", "v23.7"}) {
    const auto reply = sim.ask("GET", std::string("https://graph.facebook.com/") + version + "/me",
                               {sim.token("facebook_user_token")});
    const auto error = nlohmann::json::parse(reply.body).at("error");
    CHECK(error.at("code") == 2500);
    CHECK(error.at("message") == "Unknown path components: /me");
    CHECK(header(reply, "Facebook-Api-Version") == "v23.0");
  }
  CHECK(sim.ask("GET", "https://graph.facebook.com/v26.0/me", {sim.token("facebook_user_token")}).status == 200);
}

}  // namespace outaged::test
