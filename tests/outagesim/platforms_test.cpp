// The platforms in health, seen by a real client over TLS.
#include <curl/curl.h>
#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "outagesim/running.hpp"

namespace outaged::test {
namespace {

std::string upload_media(const Running& sim, const std::string& bytes) {
  const auto uploaded =
      sim.fetch(sim.graph() + "/" + sim.variable("whatsapp_phone_number_id") + "/media",
                {"POST", {sim.bearer("whatsapp_token")}, "", {{"messaging_product", "whatsapp"}, {"file", bytes}}});
  REQUIRE(uploaded.status == 200);
  return uploaded.json().at("id");
}

}  // namespace

TEST_CASE("WhatsApp media come back byte for byte and are gone after deletion") {
  const Running sim;
  const std::string bytes = png_like(200'000);
  const std::string media = sim.graph() + "/" + upload_media(sim, bytes);
  const Fetch with_token{"GET", {sim.bearer("whatsapp_token")}};

  const auto found = sim.fetch(media, with_token);
  REQUIRE(found.status == 200);
  CHECK(found.json().at("sha256") == sha256_hex(bytes));
  CHECK(found.json().at("file_size") == bytes.size());
  CHECK(found.json().at("mime_type") == "image/png");
  CHECK(found.headers.contains("x-business-use-case-usage"));
  CHECK(found.body.find("https:\\/\\/lookaside.fbsbx.com") != std::string::npos);

  const std::string url = found.json().at("url");
  const auto loaded = sim.fetch(url, with_token);
  CHECK(loaded.status == 200);
  CHECK(loaded.body == bytes);
  CHECK(loaded.headers.at("content-type") == "image/png");
  CHECK(sim.fetch(url).status == 404);

  CHECK(sim.fetch(media + "?phone_number_id=1", with_token).json().at("error").at("error_subcode") == 33);
  CHECK(sim.fetch(media, {"DELETE", {sim.bearer("whatsapp_token")}}).json().at("success") == true);
  CHECK(sim.fetch(media, with_token).status == 400);
  CHECK(sim.fetch(url, with_token).status == 404);
}

TEST_CASE("feeds begin with what they are told to") {
  const Running sim;
  const auto newest = [&](const std::string& platform, std::vector<std::string> kinds) {
    (void)sim.control("PUT", "/feeds/" + platform, {{"newest", std::move(kinds)}});
    const bool page = platform == "facebook";
    return sim
        .fetch(sim.graph() + "/" + sim.variable(page ? "facebook_page_id" : "instagram_user_id") +
                   (page ? "/feed?limit=3&fields=full_picture" : "/media?limit=3&fields=media_type,media_url"),
               {"GET", {sim.bearer(page ? "facebook_page_token" : "instagram_token")}})
        .json();
  };
  const auto account = newest("instagram", {"film", "text", "webp"}).at("data");
  CHECK(account[0].at("media_type") == "VIDEO");
  CHECK_FALSE(account[1].contains("media_url"));
  const auto film = sim.fetch(account[0].at("media_url"));
  CHECK(film.headers.at("content-type") == "video/mp4");
  CHECK(film.body.substr(4, 4) == "ftyp");
  const auto webp = sim.fetch(account[2].at("media_url"));
  CHECK(webp.headers.at("content-type") == "image/webp");
  CHECK(webp.body.substr(8, 4) == "WEBP");

  const auto page = newest("facebook", {"text"}).at("data");
  CHECK_FALSE(page[0].contains("full_picture"));
  CHECK(sim.fetch(page[1].at("full_picture")).headers.at("content-type") == "image/jpeg");
  const auto empty = newest("facebook", {"hidden", "hidden", "hidden"});
  CHECK(empty.at("data").empty());
  CHECK(empty.at("paging").contains("next"));
}

TEST_CASE("WhatsApp refuses an upload that is not what it says") {
  const Running sim;
  const std::string url = sim.graph() + "/" + sim.variable("whatsapp_phone_number_id") + "/media";
  const auto code = [&](std::map<std::string, std::string> form) {
    return sim.fetch(url, {"POST", {sim.bearer("whatsapp_token")}, "", std::move(form)})
        .json()
        .at("error")
        .at("code")
        .get<int>();
  };
  CHECK(code({{"file", png_like(100)}}) == 100);
  CHECK(code({{"messaging_product", "whatsapp"}}) == 100);
  CHECK(code({{"messaging_product", "whatsapp"}, {"file", "not a picture"}}) == 131053);
  CHECK(code({{"messaging_product", "whatsapp"}, {"file", png_like(6'000'000)}}) == 131053);
  // The product may also stand in the query.
  CHECK(sim.fetch(url + "?messaging_product=whatsapp",
                  {"POST", {sim.bearer("whatsapp_token")}, "", {{"file", png_like(100)}}})
            .status == 200);
}

TEST_CASE("a Graph error carries its envelope and the headers of every answer") {
  const Running sim;
  const auto answer = sim.fetch(sim.graph() + "/");
  CHECK(answer.status == 400);
  const auto error = answer.json().at("error");
  CHECK(error.at("type") == "GraphMethodException");
  CHECK(error.at("code") == 100);
  CHECK(error.at("fbtrace_id") == answer.headers.at("x-fb-request-id"));
  CHECK(answer.headers.at("www-authenticate").starts_with("OAuth \"Facebook Platform\""));
  CHECK(answer.headers.at("facebook-api-version") == "v23.0");
  CHECK(sim.fetch(sim.graph() + "/me").json().at("error").at("code") == 2500);
  CHECK(sim.fetch(sim.variable("graph") + "/v15.0/me").headers.at("facebook-api-version") == "v23.0");
  CHECK(sim.fetch(sim.variable("graph_instagram") + "/").status == 400);
}

TEST_CASE("tokens are honoured in header and query, and refused when they are not good") {
  const Running sim;
  const std::string url = sim.graph() + "/" + sim.variable("facebook_page_id") + "/feed";
  const auto token = sim.ready.at("secrets").at("facebook_page_token").get<std::string>();
  CHECK(sim.fetch(url, {"GET", {sim.bearer("facebook_page_token")}}).status == 200);
  CHECK(sim.fetch(url + "?access_token=" + token).status == 200);
  CHECK(sim.fetch(url).json().at("error").at("code") == 104);
  CHECK(sim.fetch(url + "?access_token=nonsense").json().at("error").at("code") == 190);
  CHECK(sim.fetch(url, {"GET", {sim.bearer("whatsapp_token")}}).json().at("error").at("code") == 200);

  const auto code_when = [&](const std::string& state) {
    (void)sim.control("PUT", "/tokens/facebook", {{"state", state}});
    const auto answer = sim.fetch(url + "?access_token=" + token);
    return answer.status == 200 ? 0 : answer.json().at("error").at("code").get<int>();
  };
  CHECK(code_when("expired") == 190);
  CHECK(sim.fetch(url + "?access_token=" + token).json().at("error").at("error_subcode") == 463);
  CHECK(code_when("rate_limited") == 4);
  CHECK(code_when("no_permission") == 200);
  CHECK(code_when("valid") == 0);
}

TEST_CASE("a resumable upload goes on from its offset and ends with a handle") {
  const Running sim;
  const std::string bytes = png_like(50'000);
  const std::string app = sim.graph() + "/" + sim.variable("facebook_app_id");
  const std::string token = sim.bearer("facebook_user_token");
  const auto started =
      sim.fetch(app + "/uploads?file_name=a.png&file_length=50000&file_type=image%2Fpng", {"POST", {token}});
  REQUIRE(started.status == 200);
  const std::string session = sim.graph() + "/" + started.json().at("id").get<std::string>();
  const auto send = [&](const std::string& offset, const std::string& part) {
    return sim.fetch(session, {"POST", {token, "file_offset: " + offset, "Content-Type: image/png"}, part});
  };

  const auto part = send("0", bytes.substr(0, 20'000));
  CHECK(part.status == 200);
  CHECK(part.json().at("debug_info").at("type") == "PartialRequestError");
  CHECK(sim.fetch(session, {"GET", {token}}).json().at("file_offset") == 20'000);
  const auto misplaced = send("100", "x");
  CHECK(misplaced.status == 412);
  CHECK(misplaced.json().at("debug_info").at("retriable") == true);
  const auto rest = send("20000", bytes.substr(20'000));
  CHECK(rest.json().at("h").get<std::string>().starts_with("4:"));
}

TEST_CASE("an upload whose connection broke goes on where it broke") {
  const Running sim;
  const std::string bytes = png_like(8'000'000);
  const std::string token = sim.bearer("facebook_user_token");
  const auto started = sim.fetch(sim.graph() + "/" + sim.variable("facebook_app_id") +
                                     "/uploads?file_name=a.png&file_length=8000000&file_type=image%2Fpng",
                                 {"POST", {token}});
  const std::string session = sim.graph() + "/" + started.json().at("id").get<std::string>();
  Fetch broken{"POST", {token, "file_offset: 0", "Content-Type: image/png", "Expect:"}, bytes};
  broken.break_after = 1'000'000;
  CHECK(sim.fetch(session, broken).curl_code == CURLE_ABORTED_BY_CALLBACK);

  // The server learns of the break a moment after the client.
  const Instant patience = MonotonicClock::now() + std::chrono::seconds{20};
  std::size_t offset = 0;
  while (offset == 0 && MonotonicClock::now() < patience)
    offset = sim.fetch(session, {"GET", {token}}).json().at("file_offset").get<std::size_t>();
  CHECK(offset > 0);
  CHECK(offset < bytes.size());
  const auto rest = sim.fetch(
      session,
      {"POST", {token, "file_offset: " + std::to_string(offset), "Content-Type: image/png"}, bytes.substr(offset)});
  CHECK(rest.json().at("h").get<std::string>().ends_with(sha256_hex(bytes)));
}

TEST_CASE("regional names of the stores are served like their family") {
  const Running sim;
  const std::string port = sim.variable("facebook_cdn").substr(sim.variable("facebook_cdn").rfind(':'));
  for (const auto* name : {"scontent-fra3-1.xx.fbcdn.net", "scontent-muc2-1.cdninstagram.com"})
    CHECK(sim.fetch("https://" + std::string(name) + port + "/v/x.jpg").body == "URL signature mismatch");
}

TEST_CASE("feeds lead to pictures that a client can load") {
  const Running sim;
  const auto page =
      sim.fetch(sim.graph() + "/" + sim.variable("facebook_page_id") + "/feed?fields=full_picture&limit=2",
                {"GET", {sim.bearer("facebook_page_token")}});
  REQUIRE(page.json().at("data").size() == 2);
  const auto account =
      sim.fetch(sim.graph() + "/" + sim.variable("instagram_user_id") + "/media?fields=media_url&limit=1",
                {"GET", {sim.bearer("instagram_token")}});
  for (const std::string& url : {page.json().at("data")[0].at("full_picture").get<std::string>(),
                                 account.json().at("data")[0].at("media_url").get<std::string>()}) {
    const auto picture = sim.fetch(url);
    CHECK(picture.status == 200);
    CHECK(picture.headers.at("content-type") == "image/jpeg");
    CHECK(picture.headers.at("cache-control") == "max-age=1209600, no-transform");
    CHECK(picture.body.starts_with("\xFF\xD8\xFF"));
    CHECK(picture.body.ends_with("\xFF\xD9"));
    const auto stale = sim.fetch(url.substr(0, url.find("&oh=")) + "&oh=00_other&oe=7FFFFFFF");
    CHECK(stale.status == 403);
    CHECK(stale.body == "URL signature mismatch");
  }
  CHECK(sim.fetch(sim.graph() + "/" + sim.variable("facebook_page_id") + "/feed?limit=101",
                  {"GET", {sim.bearer("facebook_page_token")}})
            .json()
            .at("error")
            .at("code") == 100);
}

TEST_CASE("a feed's pages follow one another to an end") {
  const Running sim;
  std::string url = sim.graph() + "/" + sim.variable("facebook_page_id") + "/feed?limit=7";
  std::size_t posts = 0;
  std::size_t pages = 0;
  for (; !url.empty() && pages < 20; ++pages) {
    const auto page = sim.fetch(url, {"GET", {sim.bearer("facebook_page_token")}}).json();
    posts += page.at("data").size();
    url = page.at("paging").value("next", "");
  }
  CHECK(posts == 25);
  CHECK(pages == 5);
}

TEST_CASE("a page of a feed may be empty and still have a next one") {
  const Running sim;
  std::string url = sim.graph() + "/" + sim.variable("facebook_page_id") + "/feed?limit=5";
  nlohmann::json page;
  for (int number = 1; number <= 3; ++number, url = page.at("paging").at("next"))
    page = sim.fetch(url, {"GET", {sim.bearer("facebook_page_token")}}).json();
  CHECK(page.at("data").empty());
  CHECK_FALSE(page.at("paging").contains("cursors"));
  CHECK(sim.fetch(url, {"GET", {sim.bearer("facebook_page_token")}}).json().at("data").size() == 5);
}

TEST_CASE("public pages show the marks by which a stranger knows them") {
  const Running sim;
  const auto web = sim.fetch(sim.variable("whatsapp_web") + "/");
  CHECK(web.status == 400);
  CHECK(web.body.find("<title>Error</title>") != std::string::npos);
  CHECK(sim.fetch(sim.variable("whatsapp_web") + "/", {"GET", {"User-Agent: Mozilla/5.0"}}).status == 200);
  const auto registration = sim.fetch(sim.variable("whatsapp_registration") + "/v2/register");
  CHECK(registration.body == R"({"param":"authkey","reason":"missing_param","status":"fail"})");
  CHECK(sim.fetch(sim.variable("facebook_web") + "/").headers.contains("x-fb-debug"));
  CHECK(sim.fetch(sim.variable("instagram_web") + "/").status == 200);
  CHECK(sim.fetch(sim.variable("facebook_cdn") + "/v/t1/none.jpg").body == "URL signature mismatch");
  CHECK(sim.fetch(sim.variable("control_google") + "/generate_204").status == 204);
  for (const auto* name : {"control_cloudflare", "control_wikipedia", "control_debian"})
    CHECK(sim.fetch(sim.variable(name) + "/").status == 200);
}

TEST_CASE("an upload larger than the bound is refused and the server goes on") {
  const Running sim;
  const std::string url = sim.variable("rupload") + "/ig-api-upload/v23.0/1";
  CHECK(sim.fetch(url, {"POST", {"Expect:"}, std::string(33U << 20U, 'x')}).status != 200);
  CHECK(sim.fetch(sim.variable("facebook_web") + "/").status == 200);
}

}  // namespace outaged::test
