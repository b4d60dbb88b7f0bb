#include "probe/image.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <jpeglib.h>
#include <png.h>

namespace outaged::probe {
namespace {

constexpr std::uint64_t kMostPixels = 64'000'000;

bool sensible(std::uint64_t width, std::uint64_t height) {
  return width > 0 && height > 0 && width <= kMostPixels / height;
}

std::optional<ImageFacts> decode_png(std::string_view bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return std::nullopt;
  const ImageFacts facts{static_cast<int>(image.width), static_cast<int>(image.height)};
  if (!sensible(image.width, image.height)) {
    png_image_free(&image);
    return std::nullopt;
  }
  image.format = PNG_FORMAT_RGB;
  std::vector<png_byte> pixels(PNG_IMAGE_SIZE(image));
  // A warning (a broken checksum, an early end) counts as broken: a browser may show it, the bytes are not the picture.
  const bool whole =
      png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr) != 0 && image.warning_or_error == 0;
  png_image_free(&image);
  if (!whole) return std::nullopt;
  return facts;
}

/// libjpeg leaves by longjmp; nothing with a destructor may live in the frames between.
struct DecoderErrors {
  jpeg_error_mgr base;
  std::jmp_buf out;
  bool warned;
};

void leave(j_common_ptr info) {
  std::longjmp(reinterpret_cast<DecoderErrors*>(info->err)->out, 1);
}
void note(j_common_ptr info, int level) {
  if (level < 0) reinterpret_cast<DecoderErrors*>(info->err)->warned = true;
}
void stay_silent(j_common_ptr /*info*/) {}

bool read_jpeg(std::string_view bytes, jpeg_decompress_struct& info, DecoderErrors& errors, JSAMPLE* line,
               std::size_t room, ImageFacts& facts) {
  if (setjmp(errors.out) != 0) return false;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(&info, TRUE);
  if (!sensible(info.image_width, info.image_height)) return false;
  jpeg_start_decompress(&info);
  if (static_cast<std::size_t>(info.output_width) * static_cast<std::size_t>(info.output_components) > room)
    return false;
  while (info.output_scanline < info.output_height) jpeg_read_scanlines(&info, &line, 1);
  jpeg_finish_decompress(&info);
  facts = {static_cast<int>(info.output_width), static_cast<int>(info.output_height)};
  return !errors.warned;
}

std::optional<ImageFacts> decode_jpeg(std::string_view bytes) {
  std::vector<JSAMPLE> line(4ULL * JPEG_MAX_DIMENSION);
  jpeg_decompress_struct info{};
  DecoderErrors errors{};
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = &leave;
  errors.base.emit_message = &note;
  errors.base.output_message = &stay_silent;
  ImageFacts facts;
  const bool whole = read_jpeg(bytes, info, errors, line.data(), line.size(), facts);
  jpeg_destroy_decompress(&info);
  if (!whole) return std::nullopt;
  return facts;
}

}  // namespace

std::optional<ImageFacts> decode_image(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG")) return decode_png(bytes);
  if (bytes.starts_with("\xFF\xD8")) return decode_jpeg(bytes);
  return std::nullopt;
}

bool is_other_picture(std::string_view bytes) {
  if (bytes.starts_with("GIF8")) return true;
  if (bytes.size() < 12) return false;
  const auto kind = bytes.substr(8, 4);
  // A RIFF file says how long it is after these first eight bytes
  // (developers.google.com/speed/webp/docs/riff_container).
  if (bytes.starts_with("RIFF") && kind == "WEBP") {
    std::uint64_t length = 0;
    for (const std::size_t at : {7U, 6U, 5U, 4U}) length = length << 8U | static_cast<unsigned char>(bytes[at]);
    return bytes.size() - 8 >= length;
  }
  // The file type box of ISO/IEC 14496-12 §4.3, which films have too, with the brands of ISO/IEC 23008-12 and of AVIF.
  static constexpr std::array<std::string_view, 6> kBrands{"avif", "avis", "heic", "heix", "mif1", "msf1"};
  return bytes.substr(4, 4) == "ftyp" && std::ranges::find(kBrands, kind) != kBrands.end();
}

}  // namespace outaged::probe
