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

}  // namespace outaged::probe
