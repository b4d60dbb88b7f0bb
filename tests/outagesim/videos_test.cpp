// Videos of a page: in one piece, in chunks, and as reels.
#include <doctest/doctest.h>

#include "outagesim/offline.hpp"

namespace outaged::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

const std::string kFilm = std::string{"\0\0\0\x18", 4} + "ftypisom" + std::string(1'500'000, 'x');

struct Page : Offline {
  Json post(const std::string& edge, const std::string& file = {}, const std::string& bytes = {}) {
    const std::string form = "--b\r\nContent-Disposition: form-data; name=\"" + file +
                             "\"; filename=\"a.mp4\"\r\nContent-Type: video/mp4\r\n\r\n" + bytes + "\r\n--b--";
    std::vector<sim::Header> headers{token("facebook_page_token")};
    if (!file.empty()) headers.emplace_back("content-type", "multipart/form-data; boundary=b");
    const auto reply = ask("POST", "https://graph-video.facebook.com/v23.0/" + world.accounts.facebook_page_id + edge,
                           headers, file.empty() ? "" : form);
    return Json::parse(reply.body);
  }
  Json status(const std::string& id) { return graph("GET", id + "?fields=status", "facebook_page_token").at("status"); }
};

}  // namespace

TEST_CASE("a page takes a video in one piece, processes it and deletes it") {
  Page sim;
  CHECK(sim.post("/videos?published=false", "source", "no film at all").at("error").at("code") == 351);
  const std::string id = sim.post("/videos?published=false", "source", kFilm).at("id");
  CHECK(sim.status(id).at("video_status") == "processing");
  sim.clock.run_for(3s);
  CHECK(sim.status(id).at("video_status") == "ready");
  CHECK(sim.status(id).at("publishing_phase").at("status") == "not_started");
  CHECK(sim.graph("DELETE", id, "facebook_page_token").at("success") == true);
  CHECK(sim.graph_code("GET", id, "facebook_page_token") == 100);
}

TEST_CASE("a page takes a video chunk by chunk as it asks for them") {
  Page sim;
  const auto started = sim.post("/videos?upload_phase=start&file_size=" + std::to_string(kFilm.size()));
  const std::string session = started.at("upload_session_id");
  std::string start = started.at("start_offset");
  std::string end = started.at("end_offset");
  const auto transfer = "/videos?upload_phase=transfer&upload_session_id=" + session + "&start_offset=";
  const auto finish = "/videos?upload_phase=finish&published=false&upload_session_id=" + session;
  CHECK(sim.post(transfer + "7", "video_file_chunk", "x").at("error").at("error_subcode") == 1363037);
  CHECK(sim.post(finish).contains("error"));
  int chunks = 0;
  for (; start != end && chunks < 10; ++chunks) {
    const auto at = std::stoul(start);
    const auto next = sim.post(transfer + start, "video_file_chunk", kFilm.substr(at, std::stoul(end) - at));
    start = next.at("start_offset");
    end = next.at("end_offset");
  }
  CHECK(chunks == 2);
  CHECK(sim.post(finish).at("success") == true);
  sim.clock.run_for(3s);
  CHECK(sim.status(started.at("video_id")).at("video_status") == "ready");
}

TEST_CASE("a reel's bytes go through rupload, from the offset on that it has") {
  Page sim;
  const auto started = sim.post("/video_reels?upload_phase=start");
  const std::string id = started.at("video_id");
  const std::string url = started.at("upload_url");
  const auto send = [&](const std::string& offset, const std::string& part, const std::string& secret) {
    return sim.ask("POST", url, {sim.token(secret), {"offset", offset}, {"file_size", std::to_string(kFilm.size())}},
                   part);
  };
  CHECK(send("0", kFilm, "instagram_token").status == 400);
  CHECK(send("0", kFilm.substr(0, 1000), "facebook_page_token").body.find("PartialRequestError") != std::string::npos);
  CHECK(send("0", kFilm, "facebook_page_token").status == 412);
  CHECK(sim.post("/video_reels?upload_phase=finish&video_id=" + id).contains("error"));
  CHECK(Json::parse(sim.ask("GET", url, {sim.token("facebook_page_token")}).body).at("offset") == 1000);
  CHECK(Json::parse(send("1000", kFilm.substr(1000), "facebook_page_token").body).at("success") == true);
  CHECK(sim.status(id).at("uploading_phase").at("status") == "complete");
  CHECK(sim.post("/video_reels?upload_phase=finish&video_state=PUBLISHED&video_id=" + id).at("success") == true);
  sim.clock.run_for(3s);
  CHECK(sim.status(id).at("publishing_phase").at("status") == "complete");
}

}  // namespace outaged::test
