#pragma once
// Videos as they arrive and are processed, for Instagram's containers and for pages alike.
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "outagesim/world.hpp"

namespace outaged::sim {

inline constexpr std::uint64_t kMaxFilm = 32U << 20U;

/// All bytes are there: they are processed from now on, or refused because they are no video.
void begin_processing(const World& world, Film& film);

/// How far the bytes and their processing are: {"uploading_phase", "processing_phase"}.
nlohmann::json phases(const World& world, const Film& film);

/// Are all bytes there, good or not?
bool is_whole(const Film& film);

/// Has its processing ended well?
bool is_ready(const World& world, const Film& film);

}  // namespace outaged::sim
