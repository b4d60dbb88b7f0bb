// Compression, languages and conditional requests (RFC 9110, sections 12.5.3, 12.5.4 and 13.1.2).
#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

#include <zlib.h>

#include "base/encoding.hpp"
#include "serve/http.hpp"

namespace outaged::serve {
namespace {

/// Below this, one packet carries it anyway.
constexpr std::size_t kWorthIt = 1024;
constexpr int kGzipWindow = 15 + 16;  // zlib: 16 more means gzip framing
constexpr int kMemoryLevel = 8;
/// Other bytes have another tag (RFC 9110, section 8.8.3.3).
constexpr std::string_view kPacked = "-gzip";

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(" \t") - begin + 1)};
}

/// The elements of a comma-separated header, without spaces around them.
std::vector<std::string> elements(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const auto comma = text.find(',');
    out.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

/// Of ";q=0.8"; what is no weight is none.
double weight_of(std::string_view parameters) {
  const auto begin = parameters.find("q=");
  if (begin == std::string_view::npos) return 1;
  double weight = 0;
  const auto digits = parameters.substr(begin + 2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
  return error == std::errc{} ? std::clamp(weight, 0.0, 1.0) : 0;
}

bool takes_gzip(const Request& request) {
  const auto header = request.headers.find("accept-encoding");
  if (header == request.headers.end()) return false;
  return std::ranges::any_of(elements(header->second), [](const std::string& element) {
    const auto semicolon = std::min(element.find(';'), element.size());
    const auto name = trimmed(std::string_view{element}.substr(0, semicolon));
    return (name == "gzip" || name == "*") && weight_of(std::string_view{element}.substr(semicolon)) > 0;
  });
}

std::string compress(const std::string& body, int level) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(body.size())), '\0');
  // zlib does not write to its input, but its interface has no const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  out.shrink_to_fit();  // the bound was that of what cannot be compressed, and documents are kept
  deflateEnd(&stream);
  return out;
}

std::string etag_of(const std::string& body) {
  constexpr std::size_t kDigits = 16;
  return "\"" + sha256_hex(body).substr(0, kDigits) + "\"";
}

/// A weak comparison, as If-None-Match has it: a proxy may have marked ours as weak.
bool has_it(const Request& request, const std::string& etag) {
  const auto header = request.headers.find("if-none-match");
  if (header == request.headers.end()) return false;
  return std::ranges::any_of(elements(header->second), [&etag](std::string element) {
    if (element.starts_with("W/")) element.erase(0, 2);
    return element == "*" || element == etag;
  });
}

/// How much a client likes something, from 0 (not at all) to 1, and how late it named it.
struct Liking {
  double weight = 0;
  std::size_t place = 0;
};

bool prefers(const Liking& one, const Liking& other) {
  return one.weight != other.weight ? one.weight > other.weight : one.place < other.place;
}

/// "it" is liked as much as the best of "it", "it-IT" and so on; else as much as "*".
Liking liking_of(std::string_view language, const std::vector<std::string>& ranges) {
  std::optional<Liking> named;
  Liking any{.weight = 0, .place = ranges.size()};
  for (std::size_t place = 0; place < ranges.size(); ++place) {
    const std::string_view range = ranges[place];
    const auto semicolon = std::min(range.find(';'), range.size());
    const auto name = trimmed(range.substr(0, semicolon));
    const Liking liking{.weight = weight_of(range.substr(semicolon)), .place = place};
    if (name == "*") any = {.weight = liking.weight, .place = ranges.size()};
    if (lower_case(name.substr(0, name.find('-'))) == language && (!named || prefers(liking, *named))) named = liking;
  }
  return named.value_or(any);
}

}  // namespace

std::size_t preferred_language(const Request& request, std::span<const std::string_view> offered) {
  const auto header = request.headers.find("accept-language");
  if (header == request.headers.end()) return 0;
  const auto ranges = elements(header->second);
  std::size_t best = 0;
  for (std::size_t i = 1; i < offered.size(); ++i) {
    const auto liking = liking_of(offered[i], ranges);
    if (liking.weight > 0 && prefers(liking, liking_of(offered[best], ranges))) best = i;
  }
  return best;
}

std::shared_ptr<const Document> make_document(std::string content_type, std::string body) {
  auto document = std::make_shared<Document>();
  document->content_type = std::move(content_type);
  document->etag = etag_of(body);
  if (body.size() >= kWorthIt) document->gzip = compress(body, Z_DEFAULT_COMPRESSION);
  if (document->gzip.size() >= body.size()) document->gzip.clear();
  document->plain = std::move(body);
  document->plain.shrink_to_fit();
  return document;
}

void negotiate(const Request& request, Response& response) {
  if (std::exchange(response.negotiated, true)) return;
  const bool get = request.method == "GET" || request.method == "HEAD";
  if (!get || response.status != 200 || response.stream) return;
  const bool worth_it = response.document ? !response.document->gzip.empty() : response.body.size() >= kWorthIt;
  const bool packed = worth_it && takes_gzip(request);
  std::string etag = response.document ? response.document->etag : etag_of(response.body);
  if (packed) etag.insert(etag.size() - 1, kPacked);
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (has_it(request, etag)) {
    response.status = 304;
    response.document.reset();
    response.body.clear();
    return;
  }
  if (!packed) return;
  if (!response.document) {
    auto compressed = compress(response.body, Z_BEST_SPEED);
    if (compressed.empty() || compressed.size() >= response.body.size()) return;
    response.body = std::move(compressed);
  }
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace outaged::serve
