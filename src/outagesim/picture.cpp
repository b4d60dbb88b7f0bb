#include "outagesim/picture.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <jpeglib.h>

#include "base/random.hpp"

namespace outaged::sim {
namespace {

/// libjpeg's way to report: by default it would end the program.
[[noreturn]] void fail(j_common_ptr) {
  throw std::runtime_error("libjpeg could not make a picture");
}

class Compressor {
 public:
  Compressor() {
    info_.err = jpeg_std_error(&errors_);
    errors_.error_exit = fail;
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &data_, &size_);
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  ~Compressor() {
    jpeg_destroy_compress(&info_);
    std::free(data_);
  }

  std::string compress(PictureSize size, Random& random) {
    info_.image_width = size.width;
    info_.image_height = size.height;
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, 75, TRUE);
    jpeg_start_compress(&info_, TRUE);
    std::vector<JSAMPLE> row(std::size_t{size.width} * 3);
    while (info_.next_scanline < info_.image_height) {
      // A slope with a little noise: compresses like a photograph, and no two seeds are alike.
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = static_cast<JSAMPLE>((i + std::size_t{2} * info_.next_scanline) % 224 + random.below(32));
      JSAMPROW rows[] = {row.data()};
      jpeg_write_scanlines(&info_, rows, 1);
    }
    jpeg_finish_compress(&info_);
    return {reinterpret_cast<const char*>(data_), size_};
  }

 private:
  jpeg_compress_struct info_{};
  jpeg_error_mgr errors_{};
  unsigned char* data_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

std::string jpeg_picture(std::uint64_t seed, PictureSize size) {
  Random random(seed);
  Compressor compressor;
  return compressor.compress(size, random);
}

}  // namespace outaged::sim
