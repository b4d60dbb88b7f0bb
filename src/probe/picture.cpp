#include "probe/picture.hpp"

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

namespace outaged::probe {
namespace {

struct Pixels {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<unsigned char> rgb;
};

/// About `bytes` of RGB noise, 4:3, at least 32 by 24.
Pixels noise(double bytes, Random& random) {
  Pixels pixels;
  const double height = std::max(24.0, std::floor(std::sqrt(bytes / 4.0)));
  pixels.height = static_cast<unsigned>(height);
  pixels.width = std::max(32U, static_cast<unsigned>(bytes / 3.0 / height));
  pixels.rgb.resize(std::size_t{3} * pixels.width * pixels.height);
  std::ranges::generate(pixels.rgb, [&random] { return static_cast<unsigned char>(random() >> 56U); });
  return pixels;
}

void append_big_endian(std::string& out, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xFFU);
}

std::string random_bytes(std::size_t count, Random& random) {
  std::string out(count, '\0');
  std::ranges::generate(out, [&random] { return static_cast<char>(random() >> 56U); });
  return out;
}

// --- JPEG ------------------------------------------------------------------------------------------------------------

/// libjpeg reports errors by a function that must not return. It jumps back to encode_jpeg, over C frames only.
struct EncoderErrors {
  jpeg_error_mgr base;
  std::jmp_buf back;
};

void leave_jpeg(j_common_ptr encoder) {
  // The first member of EncoderErrors is what libjpeg was given.
  std::longjmp(reinterpret_cast<EncoderErrors*>(encoder->err)->back, 1);
}

/// The file in memory that the caller frees; false when libjpeg gave up. No object with a destructor lives in here, as
/// the jump would pass it by.
bool encode_jpeg(const Pixels& pixels, unsigned char** out, unsigned long* size) {
  jpeg_compress_struct encoder;
  EncoderErrors errors;
  encoder.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = leave_jpeg;
  if (setjmp(errors.back) != 0) {
    jpeg_destroy_compress(&encoder);
    return false;
  }
  jpeg_create_compress(&encoder);
  jpeg_mem_dest(&encoder, out, size);
  encoder.image_width = pixels.width;
  encoder.image_height = pixels.height;
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, 90, TRUE);
  jpeg_start_compress(&encoder, TRUE);
  while (encoder.next_scanline < encoder.image_height) {
    // libjpeg only reads the row, but its type does not say so.
    auto* row = const_cast<JSAMPLE*>(pixels.rgb.data() + std::size_t{3} * pixels.width * encoder.next_scanline);
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  return true;
}

std::string jpeg_of(const Pixels& pixels) {
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const bool encoded = encode_jpeg(pixels, &data, &size);
  std::string file(reinterpret_cast<const char*>(data), encoded ? size : 0);
  std::free(data);
  if (!encoded) throw std::runtime_error("libjpeg cannot encode a picture");
  return file;
}

/// Comment segments (T.81 B.2.4.5) of `total` bytes together: each is a marker, a length that counts itself, and text.
std::string jpeg_comments(std::size_t total, Random& random) {
  constexpr std::size_t kLongest = 2 + 65535;
  constexpr std::size_t kShortest = 4;
  std::string out;
  while (total > 0) {
    std::size_t segment = std::min(total, kLongest);
    if (total - segment > 0 && total - segment < kShortest) segment -= kShortest;
    out += "\xFF\xFE";
    append_big_endian(out, static_cast<std::uint32_t>(segment - 2), 2);
    out += random_bytes(segment - 4, random);
    total -= segment;
  }
  return out;
}

// --- PNG -------------------------------------------------------------------------------------------------------------

std::string png_of(const Pixels& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = pixels.width;
  image.height = pixels.height;
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;  // noise does not compress, however long one tries
  std::string file(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = file.size();
  if (png_image_write_to_memory(&image, file.data(), &size, 0, pixels.rgb.data(), 0, nullptr) == 0)
    throw std::runtime_error(std::string{"libpng cannot encode a picture: "} + image.message);
  file.resize(size);
  return file;
}

constexpr std::size_t kPngChunkFrame = 12;  ///< length, type, CRC (ISO/IEC 15948, 5.3)

/// A private ancillary chunk (5.4: by the case of its letters) of `total` bytes.
std::string png_padding(std::size_t total, Random& random) {
  const std::string body = "paDd" + random_bytes(total - kPngChunkFrame, random);
  std::string out;
  append_big_endian(out, static_cast<std::uint32_t>(total - kPngChunkFrame), 4);
  out += body;
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
  append_big_endian(out, static_cast<std::uint32_t>(crc), 4);
  return out;
}

/// Encodes noise until the file leaves at least `frame` bytes for padding; noise always needs about the same, so the
/// first attempt is nearly always the last.
template <class Encode>
std::string encode_below(std::size_t size, std::size_t frame, double noise_per_byte, Random& random,
                         const Encode& encode) {
  for (double bytes = static_cast<double>(size) * noise_per_byte;; bytes *= 0.9) {
    std::string file = encode(noise(bytes, random));
    if (file.size() + frame <= size) return file;
  }
}

}  // namespace

std::string make_jpeg(std::size_t size, Random& random) {
  size = std::max(size, kSmallestPicture);
  // Measured: 1 byte of the file holds 3.3 of noise at quality 90, less of small pictures, whose tables weigh more.
  const double share = 1.0 - 800.0 / static_cast<double>(size);
  std::string file = encode_below(size, 4, 3.2 * share, random, jpeg_of);
  // Behind the JFIF segment, which must come first (T.871, 10.1): start marker, then marker, length, content.
  const auto byte = [&file](std::size_t at) { return static_cast<unsigned char>(file[at]); };
  const std::size_t after_jfif = 4 + std::size_t{byte(4)} * 256 + byte(5);
  file.insert(after_jfif, jpeg_comments(size - file.size(), random));
  return file;
}

std::string make_png(std::size_t size, Random& random) {
  size = std::max(size, kSmallestPicture);
  const double share = 0.995 - 160.0 / static_cast<double>(size);
  std::string file = encode_below(size, kPngChunkFrame, share, random, png_of);
  file.insert(file.size() - kPngChunkFrame, png_padding(size - file.size(), random));  // before the empty IEND
  return file;
}

}  // namespace outaged::probe
