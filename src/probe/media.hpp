#pragma once
// Media made fresh for one run: a valid picture or film that nobody has uploaded before, so that no cache or
// duplicate check on the way can answer for the platform, and whose digest is known for the comparison afterwards.
#include <string>

#include "base/named_enum.hpp"
#include "base/random.hpp"
#include "base/units.hpp"

namespace outaged::probe {

enum class MediaKind { jpeg, png, mp4 };

struct Media {
  std::string content;
  std::string type;       ///< "image/jpeg", "image/png" or "video/mp4"
  std::string sha256;     ///< of content, lower-case hexadecimal
  std::string file_name;  ///< "probe-<8 hexadecimal digits>.jpg", .png or .mp4
};

/// The smallest and largest sizes that generate_media can hit, for validation. The lower bound is what a picture or
/// film needs that a platform accepts as one; the upper bound keeps a probe a probe.
Bytes smallest_media(MediaKind kind);
inline constexpr Bytes kLargestMedia{32ULL << 20};

/// A valid file of exactly `size` bytes (clamped to the bounds above) with random content. JPEG and PNG are RGB, wider
/// than high; the film is 3 seconds of H.264 at 30 frames a second. Throws std::runtime_error when libpng or libjpeg
/// fail, which means that memory is out.
Media generate_media(MediaKind kind, Bytes size, Random& random);

}  // namespace outaged::probe

namespace outaged {
template <>
inline constexpr auto kEnumNames<probe::MediaKind> = std::to_array<std::string_view>({"image/jpeg", "image/png",
                                                                                      "video/mp4"});
}  // namespace outaged
