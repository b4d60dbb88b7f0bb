#pragma once
// Does this decode as a picture? With libpng and libjpeg, within bounds, since the bytes come from outside.
#include <optional>
#include <string_view>

namespace outaged::probe {

struct ImageFacts {
  int width = 0;
  int height = 0;
};

/// Decodes every line of a PNG or JPEG of at most 64 million pixels. Nothing when it is neither, is broken, or ends
/// early.
std::optional<ImageFacts> decode_image(std::string_view bytes);

/// By its first bytes a picture of a kind that is not decoded here: WebP, GIF, AVIF or HEIC. Of a WebP, all is there.
bool is_other_picture(std::string_view bytes);

}  // namespace outaged::probe
