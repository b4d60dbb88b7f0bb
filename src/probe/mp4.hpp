#pragma once
// A film in an MP4 file (ISO/IEC 14496-12 and -15), of an exact size in bytes: 90 pictures at 30 a second, keyframes of
// random samples and repetitions between them (h264.hpp), no sound. The index comes before the samples, so that it can
// be played while it arrives.
#include <cstddef>
#include <string>

#include "base/random.hpp"

namespace outaged::probe {

inline constexpr std::size_t kSmallestMp4 = std::size_t{24} << 10;
inline constexpr std::size_t kLargestMp4 = std::size_t{32} << 20;

/// `size` is clamped to the bounds above. The picture grows with it from 128x96 to 640x480, then the number of
/// keyframes; what is left is filled by a box of free space.
std::string make_mp4(std::size_t size, Random& random);

}  // namespace outaged::probe
