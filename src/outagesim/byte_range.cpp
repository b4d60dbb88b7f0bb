#include "outagesim/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace outaged::sim {
namespace {

struct Range {
  std::size_t first = 0;
  std::size_t last = 0;  ///< it too

  [[nodiscard]] bool is_empty() const { return first > last; }
};

/// The whole text as a number; one that is too large is as good as the largest.
std::optional<std::size_t> read_position(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc::result_out_of_range ? SIZE_MAX : value;
}

/// "bytes=2-5", "bytes=2-" or "bytes=-3" of so many bytes; nothing when it is none of these.
std::optional<Range> read_range(std::string_view text, std::size_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const auto dash = text.find('-');
  if (!text.starts_with(kUnit) || dash == std::string_view::npos) return std::nullopt;
  const auto from = text.substr(kUnit.size(), dash - kUnit.size());
  const auto first = read_position(from);
  const auto last = read_position(text.substr(dash + 1));
  constexpr Range kNone{1, 0};
  if (from.empty()) {
    if (!last) return std::nullopt;
    return *last == 0 || size == 0 ? kNone : Range{size - std::min(*last, size), size - 1};
  }
  if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first)) return std::nullopt;
  return *first >= size ? kNone : Range{*first, std::min(last.value_or(SIZE_MAX), size - 1)};
}

std::string_view header_of(const Reply& reply, std::string_view name) {
  const auto found = std::ranges::find(reply.headers, name, &Header::first);
  return found == reply.headers.end() ? std::string_view{} : std::string_view(found->second);
}

}  // namespace

Reply ranged(const Request& request, Reply whole) {
  if (request.method != "GET" || whole.status != 200) return whole;
  const auto condition = request.header("if-range");
  if (!condition.empty() && condition != header_of(whole, "ETag")) return whole;
  const std::size_t size = whole.body.size();
  const auto range = read_range(request.header("range"), size);
  if (!range) return whole;
  if (range->is_empty()) {
    Reply refused = text_reply(416, "text/plain", "");
    refused.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return refused;
  }
  whole.status = 206;
  whole.headers.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", range->first, range->last, size));
  whole.body = whole.body.substr(range->first, range->last - range->first + 1);
  return whole;
}

}  // namespace outaged::sim
