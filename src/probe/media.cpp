#include "probe/media.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "probe/mp4.hpp"
#include "probe/picture.hpp"

namespace outaged::probe {
namespace {

/// One row for each MediaKind, in its order.
struct Maker {
  std::size_t smallest;
  std::string_view extension;
  std::string (*make)(std::size_t size, Random& random);
};
constexpr std::array<Maker, kEnumNames<MediaKind>.size()> kMakers{
    {{kSmallestPicture, "jpg", make_jpeg}, {kSmallestPicture, "png", make_png}, {kSmallestMp4, "mp4", make_mp4}}};

const Maker& maker_of(MediaKind kind) {
  return kMakers.at(static_cast<std::size_t>(kind));
}

}  // namespace

Bytes smallest_media(MediaKind kind) {
  return Bytes{maker_of(kind).smallest};
}

Media generate_media(MediaKind kind, Bytes size, Random& random) {
  const Maker& maker = maker_of(kind);
  const Bytes bounded = std::clamp(size, smallest_media(kind), kLargestMedia);
  Media media;
  media.content = maker.make(bounded.count, random);
  media.type = to_string(kind);
  media.sha256 = sha256_hex(media.content);
  media.file_name = fmt::format("probe-{:08x}.{}", random() >> 32U, maker.extension);
  return media;
}

}  // namespace outaged::probe
