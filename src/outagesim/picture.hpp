#pragma once
// Pictures for the simulated stores: valid JPEG files of noise, the same for the same seed.
#include <cstdint>
#include <string>

namespace outaged::sim {

struct PictureSize {
  unsigned width = 0;
  unsigned height = 0;
};

/// Throws std::runtime_error when libjpeg fails.
std::string jpeg_picture(std::uint64_t seed, PictureSize size);

}  // namespace outaged::sim
