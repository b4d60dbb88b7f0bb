#include "probe/mp4.hpp"

#include <map>
#include <vector>

#include <doctest/doctest.h>

using namespace outaged;
using namespace outaged::probe;

namespace {

std::uint32_t u32(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

struct Span {
  std::size_t begin;
  std::size_t end;
};

/// The contents of all boxes by type, containers opened; every size is checked on the way.
void walk(const std::string& file, Span span, std::map<std::string, Span>& boxes) {
  for (std::size_t at = span.begin; at < span.end;) {
    REQUIRE(at + 8 <= span.end);
    const std::size_t size = u32(file, at);
    const std::string type = file.substr(at + 4, 4);
    CAPTURE(type);
    REQUIRE(size >= 8);
    REQUIRE(at + size <= span.end);
    boxes[type] = {at + 8, at + size};
    for (const char* container : {"moov", "trak", "mdia", "minf", "dinf", "stbl"}) {
      if (type == container) walk(file, boxes[type], boxes);
    }
    at += size;
  }
}

std::map<std::string, Span> boxes_of(const std::string& file) {
  std::map<std::string, Span> boxes;
  walk(file, {0, file.size()}, boxes);
  return boxes;
}

constexpr std::size_t kIdrSlice = 5;
constexpr std::size_t kSlice = 1;

}  // namespace

TEST_CASE("a film's index agrees with its samples whatever its size") {
  for (const std::size_t size : {kSmallestMp4, std::size_t{65'536}, std::size_t{100'001}, std::size_t{1} << 20U}) {
    CAPTURE(size);
    Random random{size};
    const std::string file = make_mp4(size, random);
    REQUIRE(file.size() == size);
    const auto boxes = boxes_of(file);
    const auto [samples_begin, samples_end] = boxes.at("mdat");
    CHECK(boxes.at("moov").end <= samples_begin);

    const std::size_t sizes = boxes.at("stsz").begin + 4;
    REQUIRE(u32(file, sizes) == 0);
    const std::uint32_t count = u32(file, sizes + 4);
    CHECK(count == 90);
    CHECK(u32(file, boxes.at("stco").begin + 8) == samples_begin);

    std::vector<std::uint32_t> keyframes;
    std::size_t at = samples_begin;
    for (std::uint32_t sample = 1; sample <= count; ++sample) {
      const std::uint32_t sample_size = u32(file, sizes + 4 + std::size_t{4} * sample);
      REQUIRE(u32(file, at) + 4 == sample_size);  // one unit, with its length before it
      const std::size_t type = static_cast<unsigned char>(file.at(at + 4)) & 0x1FU;
      CHECK((type == kIdrSlice || type == kSlice));
      if (type == kIdrSlice) keyframes.push_back(sample);
      at += sample_size;
    }
    CHECK(at == samples_end);

    const std::size_t listed = boxes.at("stss").begin + 4;
    REQUIRE(u32(file, listed) == keyframes.size());
    CHECK(keyframes.at(0) == 1);
    for (std::size_t i = 0; i < keyframes.size(); ++i) CHECK(u32(file, listed + 4 + 4 * i) == keyframes[i]);
  }
}

TEST_CASE("a film lasts three seconds by every clock in it") {
  Random random{1};
  const std::string file = make_mp4(kSmallestMp4, random);
  const auto boxes = boxes_of(file);
  const std::size_t movie = boxes.at("mvhd").begin + 12;
  const std::size_t media = boxes.at("mdhd").begin + 12;
  CHECK(u32(file, movie + 4) == 3 * u32(file, movie));
  CHECK(u32(file, media + 4) == 3 * u32(file, media));
  const std::size_t times = boxes.at("stts").begin + 8;
  CHECK(u32(file, times) * u32(file, times + 4) == u32(file, media + 4));
}

TEST_CASE("no sample holds what looks like a start code") {
  Random random{2};
  const std::string file = make_mp4(300'000, random);
  const auto [begin, end] = boxes_of(file).at("mdat");
  // Lengths may; the units between them may not (H.264, 7.4.1).
  for (std::size_t at = begin; at < end;) {
    const std::size_t size = u32(file, at);
    const std::string unit = file.substr(at + 4, size);
    for (const char last : {'\x00', '\x01', '\x02'})
      CHECK(unit.find(std::string{'\0', '\0', last}) == std::string::npos);
    at += 4 + size;
  }
}
