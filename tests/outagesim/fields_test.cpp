// What the Graph API answers is what was asked for.
#include <doctest/doctest.h>

#include "outagesim/offline.hpp"

namespace outaged::test {
namespace {

using Json = nlohmann::json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

/// The keys of the first entry of a list.
std::vector<std::string> first_keys(const Json& list) {
  return keys(list.at("data").at(0));
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a feed holds what was asked for and no more") {
  Offline sim;
  const std::string page = sim.world.accounts.facebook_page_id;
  const std::string account = sim.world.accounts.instagram_user_id;
  const auto posts = [&](const std::string& query) { return sim.graph("GET", page + query, "facebook_page_token"); };
  const auto media = [&](const std::string& query) { return sim.graph("GET", account + query, "instagram_token"); };

  CHECK(first_keys(posts("/feed?fields=id")) == Keys{"id"});
  CHECK(first_keys(posts("/feed?fields=full_picture")) == Keys{"full_picture", "id"});
  CHECK(first_keys(posts("/feed")) == Keys{"created_time", "id", "message"});
  CHECK(first_keys(media("/media")) == Keys{"id"});
  CHECK(first_keys(media("/media?fields=media_url,timestamp")) == Keys{"id", "media_url", "timestamp"});
}

TEST_CASE("fields within a field are chosen too") {
  Offline sim;
  const std::string page = sim.world.accounts.facebook_page_id;
  const auto posts =
      sim.graph("GET", page + "/feed?fields=attachments%7Bmedia_type,media%7D&limit=1", "facebook_page_token");
  const auto& attachments = posts.at("data").at(0).at("attachments");
  CHECK(first_keys(attachments) == Keys{"media", "media_type"});
  CHECK(attachments.at("data").at(0).at("media").at("image").contains("src"));
}

TEST_CASE("an object shows its usual fields until it is asked for others") {
  Offline sim;
  const auto& accounts = sim.world.accounts;
  CHECK(keys(sim.graph("GET", accounts.facebook_page_id, "facebook_page_token")) == Keys{"id", "name"});
  CHECK(keys(sim.graph("GET", accounts.instagram_user_id, "instagram_token")) == Keys{"id"});
  CHECK(keys(sim.graph("GET", "me?fields=id", "facebook_user_token")) == Keys{"id"});
  const std::string number = accounts.whatsapp_phone_number_id;
  CHECK(keys(sim.graph("GET", number + "?fields=verified_name", "whatsapp_token")) == Keys{"id", "verified_name"});
  const std::string limit = accounts.instagram_user_id + "/content_publishing_limit";
  CHECK(first_keys(sim.graph("GET", limit, "instagram_token")) == Keys{"quota_usage"});
  CHECK(first_keys(sim.graph("GET", limit + "?fields=config", "instagram_token")) == Keys{"config"});
}

TEST_CASE("a field that there is not is refused by name, and a broken list of fields too") {
  Offline sim;
  const std::string page = sim.world.accounts.facebook_page_id;
  const auto error = [&](const std::string& fields) {
    return sim.graph("GET", page + "/feed?fields=" + fields, "facebook_page_token").at("error");
  };
  CHECK(error("id,full_pictrue").at("code") == 100);
  CHECK(error("id,full_pictrue").at("message") ==
        "(#100) Tried accessing nonexisting field (full_pictrue) on node type (PagePost)");
  CHECK(error("attachments%7Bmedai%7D").at("code") == 100);
  for (const auto* broken : {"id,", "id%7B", "id%7D", "attachments%7Bmedia", "%7Bid%7D", ",", "id%7B%7D"})
    CHECK(error(broken).at("code") == 2500);
  std::string deep = "attachments";
  for (int i = 0; i < 10'000; ++i) deep += "%7Ba";
  CHECK(error(deep).at("code") == 2500);
}

}  // namespace outaged::test
