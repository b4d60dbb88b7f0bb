#include "probe/mp4.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "probe/h264.hpp"

namespace outaged::probe {
namespace {

constexpr unsigned kPictures = 90;
constexpr std::uint32_t kTimescale = 30'000;  // ticks a second; one picture every 1,000
constexpr std::uint32_t kPictureTicks = 1'000;
constexpr std::uint32_t kDuration = kPictures * kPictureTicks;

std::string u16(std::uint32_t value) {
  return {static_cast<char>((value >> 8U) & 0xFFU), static_cast<char>(value & 0xFFU)};
}
std::string u32(std::uint32_t value) {
  return u16(value >> 16U) + u16(value & 0xFFFFU);
}
std::string zeros(std::size_t count) {
  return std::string(count, '\0');
}

constexpr std::size_t kBoxHeader = 8;

/// A box (14496-12, 4.2): size, type, content.
std::string box(const std::string& type, const std::string& content) {
  return u32(static_cast<std::uint32_t>(kBoxHeader + content.size())) + type + content;
}
/// A full box: one with version 0 and flags.
std::string full_box(const std::string& type, std::uint32_t flags, const std::string& content) {
  return box(type, u32(flags) + content);
}

/// The unity transformation matrix (8.2.2), 16.16 fixed point, last column 2.30.
std::string unity_matrix() {
  constexpr std::uint32_t kOne = 0x10000;
  return u32(kOne) + zeros(12) + u32(kOne) + zeros(12) + u32(0x40000000);
}

struct Film {
  h264::Format format;
  unsigned keyframes = 1;

  [[nodiscard]] bool is_keyframe(unsigned picture) const {
    return picture == 0 || picture * keyframes / kPictures != (picture - 1) * keyframes / kPictures;
  }
  [[nodiscard]] unsigned width() const { return format.width * 16; }
  [[nodiscard]] unsigned height() const { return format.height * 16; }
};

/// Length before each unit, as avcC announces it (14496-15, 5.3.3).
constexpr std::size_t kUnitLength = 4;

/// The bytes of each sample, without making them.
std::vector<std::uint32_t> sample_sizes(const Film& film) {
  const std::size_t keyframe[] = {h264::keyframe_size(film.format, 0), h264::keyframe_size(film.format, 1)};
  const std::size_t repeated = h264::repeated_picture(film.format, 1).size();
  std::vector<std::uint32_t> sizes;
  unsigned number = 0;
  for (unsigned picture = 0; picture < kPictures; ++picture)
    sizes.push_back(
        static_cast<std::uint32_t>(kUnitLength + (film.is_keyframe(picture) ? keyframe[number++ % 2] : repeated)));
  return sizes;
}

/// Sample description of AVC (14496-12, 12.1.3; 14496-15, 5.3.3.1 and 5.4.2.1).
std::string sample_description(const Film& film) {
  const std::string sps = h264::sequence_parameters(film.format);
  const std::string pps = h264::picture_parameters();
  std::string config = "\x01";  // configurationVersion
  config += static_cast<char>(h264::kProfile);
  config += static_cast<char>(h264::kCompatibility);
  config += static_cast<char>(h264::kLevel);
  config += static_cast<char>(0xFC | (kUnitLength - 1));
  config += static_cast<char>(0xE0 | 1);  // one sequence parameter set
  config += u16(static_cast<std::uint32_t>(sps.size())) + sps;
  config += '\x01';  // one picture parameter set
  config += u16(static_cast<std::uint32_t>(pps.size())) + pps;

  constexpr std::uint32_t k72Dpi = 0x00480000;
  const std::string entry = zeros(6) + u16(1) + zeros(16) + u16(film.width()) + u16(film.height()) + u32(k72Dpi) +
                            u32(k72Dpi) + zeros(4) + u16(1) + zeros(32) + u16(0x18) + u16(0xFFFF) + box("avcC", config);
  return full_box("stsd", 0, u32(1) + box("avc1", entry));
}

/// Where each sample is and when it is shown (8.6, 8.7): all in one chunk.
std::string sample_table(const Film& film, std::uint32_t first_sample_at) {
  std::string keyframes;
  std::uint32_t keyframe_count = 0;
  for (unsigned picture = 0; picture < kPictures; ++picture) {
    if (!film.is_keyframe(picture)) continue;
    keyframes += u32(picture + 1);
    ++keyframe_count;
  }
  std::string sizes;
  for (const std::uint32_t size : sample_sizes(film)) sizes += u32(size);
  return box("stbl", sample_description(film) +                                               //
                         full_box("stts", 0, u32(1) + u32(kPictures) + u32(kPictureTicks)) +  //
                         full_box("stss", 0, u32(keyframe_count) + keyframes) +               //
                         full_box("stsc", 0, u32(1) + u32(1) + u32(kPictures) + u32(1)) +     //
                         full_box("stsz", 0, u32(0) + u32(kPictures) + sizes) +               //
                         full_box("stco", 0, u32(1) + u32(first_sample_at)));
}

std::string media(const Film& film, std::uint32_t first_sample_at) {
  constexpr std::uint32_t kUndetermined = 0x55C4;  // language "und", 5 bits a letter (8.4.2)
  const std::string data_here = full_box("dref", 0, u32(1) + full_box("url ", 1, ""));
  const std::string info = full_box("vmhd", 1, zeros(8)) + box("dinf", data_here) + sample_table(film, first_sample_at);
  return box("mdia", full_box("mdhd", 0, zeros(8) + u32(kTimescale) + u32(kDuration) + u16(kUndetermined) + zeros(2)) +
                         full_box("hdlr", 0, zeros(4) + "vide" + zeros(12) + "video" + zeros(1)) + box("minf", info));
}

/// The index (8.2): always of the same size for one film.
std::string movie(const Film& film, std::uint32_t first_sample_at) {
  constexpr std::uint32_t kNormalSpeed = 0x10000;
  constexpr std::uint32_t kFullVolume = 0x0100;
  constexpr std::uint32_t kNextTrack = 2;
  constexpr std::uint32_t kEnabledInMovie = 3;
  const std::string header = full_box("mvhd", 0,
                                      zeros(8) + u32(kTimescale) + u32(kDuration) + u32(kNormalSpeed) +
                                          u16(kFullVolume) + zeros(10) + unity_matrix() + zeros(24) + u32(kNextTrack));
  const std::string track_header = full_box("tkhd", kEnabledInMovie,
                                            zeros(8) + u32(1) + zeros(4) + u32(kDuration) + zeros(16) + unity_matrix() +
                                                u32(film.width() << 16U) + u32(film.height() << 16U));
  return box("moov", header + box("trak", track_header + media(film, first_sample_at)));
}

std::string samples(const Film& film, Random& random) {
  std::string out;
  unsigned number = 0;
  unsigned since_keyframe = 0;
  for (unsigned picture = 0; picture < kPictures; ++picture) {
    std::string unit;
    if (film.is_keyframe(picture)) {
      unit = h264::noise_keyframe(film.format, number++, random);
      since_keyframe = 0;
    } else {
      unit = h264::repeated_picture(film.format, ++since_keyframe);
    }
    out += u32(static_cast<std::uint32_t>(unit.size())) + unit;
  }
  return out;
}

const std::string& file_type() {
  static const std::string type = box("ftyp", "isom" + u32(0x200) + "isomiso2avc1mp41");
  return type;
}

/// The size of the whole file, its free space being an empty box.
std::size_t size_of(const Film& film) {
  std::size_t size = file_type().size() + movie(film, 0).size() + 2 * kBoxHeader;
  for (const std::uint32_t sample : sample_sizes(film)) size += sample;
  return size;
}

/// The largest picture (4:3, in steps of 64 by 48) of which three fit, one a second; then as many keyframes as fit.
Film plan(std::size_t size) {
  constexpr double kMacroblock = 386;
  const double steps = std::floor(std::sqrt(static_cast<double>(size) / (3 * 12 * kMacroblock)));
  const auto step = static_cast<unsigned>(std::clamp(steps, 2.0, 10.0));
  Film film{{4 * step, 3 * step}, 1};
  while (film.keyframes < kPictures) {
    Film more = film;
    ++more.keyframes;
    if (size_of(more) > size) break;
    film = more;
  }
  return film;
}

}  // namespace

std::string make_mp4(std::size_t size, Random& random) {
  size = std::clamp(size, kSmallestMp4, kLargestMp4);
  const Film film = plan(size);
  const std::string content = samples(film, random);
  const std::string space = box("free", zeros(size - size_of(film)));
  const std::size_t before = file_type().size() + movie(film, 0).size() + space.size() + kBoxHeader;
  return file_type() + movie(film, static_cast<std::uint32_t>(before)) + space + box("mdat", content);
}

}  // namespace outaged::probe
