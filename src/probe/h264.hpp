#pragma once
// The simplest H.264 stream there is (ITU-T H.264, constrained baseline profile): pictures of raw samples, and pictures
// that repeat the one before. It needs no encoder and every decoder must take it. Units come without start codes, as
// an MP4 file wants them; each keyframe is an IDR picture.
#include <cstdint>
#include <string>

#include "base/random.hpp"

namespace outaged::probe::h264 {

/// In macroblocks of 16 by 16 samples.
struct Format {
  unsigned width = 0;
  unsigned height = 0;
};

/// Constrained baseline; level 5.1, as pictures of raw samples need its bounds on bytes (A.3.1, MinCR).
inline constexpr std::uint8_t kProfile = 66;
inline constexpr std::uint8_t kCompatibility = 0xC0;
inline constexpr std::uint8_t kLevel = 51;

/// Sequence and picture parameter sets (7.3.2.1, 7.3.2.2).
std::string sequence_parameters(Format format);
std::string picture_parameters();

/// A keyframe of random samples. `number` counts keyframes: neighbours must differ in it (7.4.3, idr_pic_id).
std::string noise_keyframe(Format format, unsigned number, Random& random);
/// How long it is.
std::size_t keyframe_size(Format format, unsigned number);

/// A picture like the one before; `since_keyframe` counts from 1.
std::string repeated_picture(Format format, unsigned since_keyframe);

}  // namespace outaged::probe::h264
