#include "probe/media.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "probe/image.hpp"

using namespace outaged;
using namespace outaged::probe;

TEST_CASE("pictures and films have the size that was asked for and are new each time") {
  Random random(7);
  for (const auto kind : {MediaKind::jpeg, MediaKind::png, MediaKind::mp4}) {
    CAPTURE(to_string(kind));
    const Bytes size{256 << 10};
    const auto first = generate_media(kind, size, random);
    const auto second = generate_media(kind, size, random);
    CHECK(first.content.size() == size.count);
    CHECK(first.sha256 == sha256_hex(first.content));
    CHECK(first.sha256 != second.sha256);
    CHECK(first.type == to_string(kind));
  }
}

TEST_CASE("generated pictures decode") {
  Random random(7);
  for (const auto kind : {MediaKind::jpeg, MediaKind::png}) {
    for (const std::uint64_t size : {4096ULL, 20'000ULL, 300'000ULL}) {
      CAPTURE(to_string(kind));
      CAPTURE(size);
      const auto image = decode_image(generate_media(kind, Bytes{size}, random).content);
      REQUIRE(image.has_value());
      CHECK(image->width > image->height);
    }
  }
}

TEST_CASE("a film begins with its type and index and then its pictures") {
  Random random(7);
  const auto film = generate_media(MediaKind::mp4, Bytes{256 << 10}, random).content;
  std::vector<std::string> boxes;
  for (std::size_t at = 0; at + 8 <= film.size();) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size * 256 + static_cast<unsigned char>(film[at + i]);
    REQUIRE(size >= 8);
    REQUIRE(at + size <= film.size());
    boxes.push_back(film.substr(at + 4, 4));
    at += size;
  }
  REQUIRE(boxes.size() >= 3);
  CHECK(boxes[0] == "ftyp");
  CHECK(boxes[1] == "moov");
  CHECK(std::find(boxes.begin(), boxes.end(), "mdat") != boxes.end());
}
