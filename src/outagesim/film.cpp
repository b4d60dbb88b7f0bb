#include "outagesim/film.hpp"

#include <nlohmann/json.hpp>

namespace outaged::sim {
namespace {

/// How long a simulated video is processed.
constexpr std::chrono::seconds kProcessing{2};

}  // namespace

void begin_processing(const World& world, Film& film) {
  // A film begins with its file type box (ISO/IEC 14496-12 §4.3).
  if (film.upload.bytes.size() >= 12 && film.upload.bytes.compare(4, 4, "ftyp") == 0) {
    film.ready = world.clock.wall_now() + kProcessing;
  } else {
    film.error = "Error: 2207026, the video format is not supported";
  }
}

nlohmann::json phases(const World& world, const Film& film) {
  const auto bytes = film.upload.bytes.size();
  const nlohmann::json uploading = {{"status", is_whole(film) ? "complete"
                                               : bytes > 0    ? "in_progress"
                                                              : "not_started"},
                                    {"bytes_transferred", bytes}};
  const nlohmann::json processing = {{"status", !film.error.empty()     ? "error"
                                                : is_ready(world, film) ? "complete"
                                                : film.ready            ? "in_progress"
                                                                        : "not_started"}};
  return {{"uploading_phase", uploading}, {"processing_phase", processing}};
}

bool is_whole(const Film& film) {
  return film.ready.has_value() || !film.error.empty();
}

bool is_ready(const World& world, const Film& film) {
  return film.error.empty() && film.ready && world.clock.wall_now() >= *film.ready;
}

}  // namespace outaged::sim
