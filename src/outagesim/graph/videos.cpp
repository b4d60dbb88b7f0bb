// Videos of a page: in one piece, in chunks, or as a reel through rupload (docs/platforms.md, "Facebook Pages with
// credentials").
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "outagesim/film.hpp"
#include "outagesim/graph/edges.hpp"
#include "outagesim/graph/envelope.hpp"
#include "outagesim/graph/feed.hpp"
#include "outagesim/graph/fields.hpp"

namespace outaged::sim::graph {
namespace {

constexpr std::uint64_t kChunk = 1U << 20U;
/// A session's number is that of its video behind this digit.
constexpr char kSessionDigit = '9';
constexpr NodeType kVideo{"Video", "updated_time,id",
                          "id,created_time,updated_time,title,description,length,published,permalink_url,picture,"
                          "status{video_status,uploading_phase,processing_phase,publishing_phase}"};

Reply video_refused() {
  Error error;
  error.code = 351;
  error.message = "(#351) There was a problem with your video file. Please try again with another file.";
  return answer(error);
}

std::string put_film(World& world, Film film) {
  const std::string id = new_id(world, "101");
  film.created = world.clock.wall_now();
  const std::size_t bytes = std::max<std::size_t>(film.upload.bytes.size(), film.upload.length);
  world.videos.put(id, std::move(film), bytes);
  return id;
}

bool is_hidden(const Call& call) {
  const std::string published = call.parameter("published");
  return published == "false" || published == "0";
}

/// The next piece that is wanted; the same twice at the end. Text, as the API writes offsets.
Json offsets(const Upload& upload) {
  const std::uint64_t start = upload.bytes.size();
  return {{"start_offset", std::to_string(start)},
          {"end_offset", std::to_string(std::min(start + kChunk, upload.length))}};
}

Reply start_chunks(World& world, const Call& call) {
  const auto size = call.number("file_size");
  if (!size || *size == 0) return answer(bad_parameter("The parameter file_size is required"));
  if (*size > kMaxFilm) return answer(bad_parameter("Param file_size is larger than a video may be"));
  Film film;
  film.upload.length = *size;
  Json out = offsets(film.upload);
  const std::string id = put_film(world, std::move(film));
  out["video_id"] = id;
  out["upload_session_id"] = kSessionDigit + id;
  return answer(out);
}

Film* film_of_session(World& world, const Call& call) {
  const std::string session = call.parameter("upload_session_id");
  return session.starts_with(kSessionDigit) ? world.videos.find(session.substr(1)) : nullptr;
}

Reply take_chunk(Film& film, const Call& call) {
  Upload& upload = film.upload;
  const auto chunk = std::ranges::find(call.files, "video_file_chunk", &FormPart::name);
  if (chunk == call.files.end()) return answer(bad_parameter("The parameter video_file_chunk is required"));
  if (call.number("start_offset") != upload.bytes.size()) {
    Error error;
    error.code = 6000;
    error.subcode = 1363037;
    error.message = "(#6000) There was a problem uploading your video file: the start offset is wrong.";
    return answer(error);
  }
  upload.bytes += chunk->content.substr(0, upload.length - upload.bytes.size());
  return answer(offsets(upload));
}

Reply finish_chunks(World& world, Film& film, const Call& call) {
  if (film.upload.bytes.size() < film.upload.length || is_whole(film)) return video_refused();
  begin_processing(world, film);
  film.published = !is_hidden(call);
  return answer(Json{{"success", true}});
}

/// In one piece; or from an address, or by the handle of an upload session, whose bytes count as good.
Reply take_film(World& world, const Call& call) {
  Film film;
  film.published = !is_hidden(call);
  const auto source = std::ranges::find(call.files, "source", &FormPart::name);
  if (source != call.files.end()) {
    film.upload = {source->content.size(), source->content};
    begin_processing(world, film);
    if (!film.error.empty()) return video_refused();
  } else if (call.has("file_url") || call.parameter("fbuploader_video_file_chunk").starts_with("4:")) {
    film.ready = world.clock.wall_now();
  } else {
    return video_refused();
  }
  return answer(Json{{"id", put_film(world, std::move(film))}});
}

}  // namespace

Reply upload_video(World& world, const Call& call) {
  const std::string phase = call.parameter("upload_phase");
  if (phase.empty()) return take_film(world, call);
  if (phase == "start") return start_chunks(world, call);
  Film* film = film_of_session(world, call);
  if (film == nullptr) return answer(bad_parameter("Invalid upload_session_id"));
  if (phase == "transfer") return take_chunk(*film, call);
  if (phase == "finish") return finish_chunks(world, *film, call);
  return answer(bad_parameter("Param upload_phase must be one of {start, transfer, finish, cancel}"));
}

Reply upload_reel(World& world, const Call& call) {
  const std::string phase = call.parameter("upload_phase");
  if (phase == "start") {
    const std::string id = put_film(world, {});
    const std::string version = call.version.empty() ? world.accounts.graph_version : call.version;
    const std::string url = fmt::format("{}/video-upload/{}/{}", base_url(world, "rupload.facebook.com"), version, id);
    return answer(Json{{"video_id", id}, {"upload_url", url}});
  }
  if (phase != "finish") return answer(bad_parameter("Param upload_phase must be one of {start, finish}"));
  Film* film = world.videos.find(call.parameter("video_id"));
  if (film == nullptr) return answer(unknown_object(call.method, call.parameter("video_id")));
  if (!film->ready) return video_refused();
  film->published = call.parameter("video_state") == "PUBLISHED";
  return answer(Json{{"success", true}});
}

Reply look_up_video(World& world, const Call& call) {
  const std::string& id = call.path.front();
  const Film& film = *world.videos.find(id);
  Json status = phases(world, film);
  status["publishing_phase"] = {{"status", film.published && is_ready(world, film) ? "complete" : "not_started"}};
  status["video_status"] = !film.error.empty()     ? "error"
                           : is_ready(world, film) ? "ready"
                           : is_whole(film)        ? "processing"
                                                   : "uploading";
  return answer(call, kVideo,
                {{"status", status},
                 {"published", film.published},
                 {"created_time", graph_time(film.created)},
                 {"updated_time", graph_time(film.created)},
                 {"id", id}});
}

Reply delete_video(World& world, const Call& call) {
  world.videos.erase(call.path.front());
  return answer(Json{{"success", true}});
}

}  // namespace outaged::sim::graph
