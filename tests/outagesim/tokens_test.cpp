// What a token opens, and until when.
#include <doctest/doctest.h>

#include "outagesim/offline.hpp"

namespace outaged::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

/// Changes the tokens of a platform, or one by its secret's name.
Json change(Offline& sim, const std::string& whose, const Json& how) {
  const auto reply = sim.api.answer(Offline::request("PUT", "http://127.0.0.1/tokens/" + whose, {}, how.dump()));
  REQUIRE_MESSAGE(reply.status == 200, reply.body);
  return Json::parse(reply.body);
}

}  // namespace

TEST_CASE("a page's token does not open what only a user may do, nor a user's what only a page may") {
  Offline sim;
  const auto& accounts = sim.world.accounts;
  const std::string uploads = accounts.facebook_app_id + "/uploads?file_length=9&file_type=image/png";
  CHECK(sim.graph_code("POST", uploads, "facebook_user_token") == 0);
  CHECK(sim.graph_code("POST", uploads, "facebook_page_token") == 200);
  CHECK(sim.graph_code("GET", accounts.facebook_page_id + "/feed", "facebook_page_token") == 0);
  CHECK(sim.graph_code("GET", accounts.facebook_page_id + "/feed", "facebook_user_token") == 200);
  CHECK(sim.graph_code("GET", accounts.facebook_page_id + "/feed", "instagram_token") == 200);
}

TEST_CASE("a token without a permission is refused what needs it, and only that") {
  Offline sim;
  const auto& accounts = sim.world.accounts;
  change(sim, "instagram_token", {{"scopes", {"instagram_basic"}}});
  CHECK(sim.graph_code("GET", accounts.instagram_user_id + "/media", "instagram_token") == 0);
  const auto refused = sim.graph("POST", accounts.instagram_user_id + "/media", "instagram_token").at("error");
  CHECK(refused.at("code") == 200);
  CHECK(refused.at("message").get<std::string>().find("instagram_content_publish") != std::string::npos);

  change(sim, "whatsapp_token", {{"scopes", Json::array()}});
  CHECK(sim.graph_code("GET", accounts.whatsapp_phone_number_id, "whatsapp_token") == 10);
}

TEST_CASE("a token ends at its hour, and every host that takes it knows") {
  Offline sim;
  const std::string number = sim.world.accounts.whatsapp_phone_number_id;
  const std::string media = sim.graph("GET", sim.store_document(), "whatsapp_token").at("url");
  const auto told = change(sim, "whatsapp_token", {{"expires_after", "1m"}});
  CHECK(told.at("expires") == "2026-01-01T00:01:00Z");
  sim.clock.run_for(59s);
  CHECK(sim.graph_code("GET", number, "whatsapp_token") == 0);
  CHECK(sim.ask("GET", media, {sim.token("whatsapp_token")}).status == 200);
  sim.clock.run_for(1s);
  const auto error = sim.graph("GET", number, "whatsapp_token").at("error");
  CHECK(error.at("code") == 190);
  CHECK(error.at("error_subcode") == 463);
  CHECK(sim.ask("GET", media, {sim.token("whatsapp_token")}).status == 404);
  CHECK(sim.graph_code("GET", sim.world.accounts.facebook_page_id, "facebook_page_token") == 0);
}

TEST_CASE("the switch of a platform spoils all of its tokens and gives them back as they were") {
  Offline sim;
  change(sim, "facebook", {{"state", "expired"}});
  CHECK(sim.graph_code("GET", "me", "facebook_user_token") == 190);
  CHECK(sim.graph_code("GET", "me", "facebook_page_token") == 190);
  CHECK(sim.graph_code("GET", "me", "instagram_token") == 0);
  change(sim, "facebook", {{"state", "valid"}});
  CHECK(sim.graph_code("GET", "me", "facebook_page_token") == 0);
}

TEST_CASE("the usage headers count up truthfully, and who has used all is refused until the hour is over") {
  Offline sim;
  const auto limit = [&](const std::string& platform) {
    const auto reply =
        sim.api.answer(Offline::request("PUT", "http://127.0.0.1/limits/" + platform, {}, R"({"calls_per_hour": 10})"));
    CHECK(reply.status == 200);
  };
  const auto call = [&](const std::string& id, const std::string& secret) {
    return sim.ask("GET", sim.kGraph + id, {sim.token(secret)});
  };
  const auto header = [](const sim::Reply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers) {
      if (key == name) return value;
    }
    return std::string{};
  };
  limit("facebook");
  limit("whatsapp");
  const std::string page = sim.world.accounts.facebook_page_id;
  for (int calls = 1; calls <= 10; ++calls) {
    const auto reply = call(page, "facebook_page_token");
    CHECK(reply.status == 200);
    CHECK(Json::parse(header(reply, "X-App-Usage")).at("call_count") == 10 * calls);
  }
  sim.clock.run_for(20min);
  const auto refused = call(page, "facebook_page_token");
  CHECK(refused.status == 429);
  CHECK(Json::parse(refused.body).at("error").at("code") == 4);
  CHECK(header(refused, "Retry-After") == "2400");
  CHECK(Json::parse(header(refused, "X-App-Usage")).at("call_count") == 110);

  const std::string number = sim.world.accounts.whatsapp_phone_number_id;
  for (int calls = 1; calls <= 10; ++calls) CHECK(call(number, "whatsapp_token").status == 200);
  const auto closed = call(number, "whatsapp_token");
  CHECK(Json::parse(closed.body).at("error").at("code") == 80007);
  const auto usage = Json::parse(header(closed, "X-Business-Use-Case-Usage"));
  CHECK(usage.begin()->at(0).at("estimated_time_to_regain_access") == 60);

  CHECK(sim.graph_code("GET", sim.world.accounts.instagram_user_id, "instagram_token") == 0);
  sim.clock.run_for(40min);
  CHECK(sim.graph_code("GET", page, "facebook_page_token") == 0);
  CHECK(sim.graph_code("GET", number, "whatsapp_token") == 80007);
}

TEST_CASE("what tokens may do is told, but not the tokens") {
  Offline sim;
  const auto state = sim.api.answer(Offline::request("GET", "http://127.0.0.1/state")).body;
  CHECK(Json::parse(state).at("secrets").at("facebook_page_token").at("bearer") == "page");
  for (const auto& [secret, token] : sim.world.tokens.secrets()) CHECK(state.find(token) == std::string::npos);
}

}  // namespace outaged::test
