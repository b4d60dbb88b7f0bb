#pragma once
// Pictures of random pixels, of an exact size in bytes.
#include <cstddef>
#include <string>

#include "base/random.hpp"

namespace outaged::probe {

/// Both need at least so many bytes.
inline constexpr std::size_t kSmallestPicture = 4096;

/// A JFIF file (ITU-T T.81, T.871) of exactly `size` bytes; comment segments make up the difference.
std::string make_jpeg(std::size_t size, Random& random);

/// A PNG file (ISO/IEC 15948) of exactly `size` bytes; one private ancillary chunk makes up the difference.
std::string make_png(std::size_t size, Random& random);

}  // namespace outaged::probe
