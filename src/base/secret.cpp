#include "base/secret.hpp"

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"

namespace outaged {
namespace {

constexpr std::size_t kShortestSecret = 6;

/// url_encode with "%2f" for "%2F": both are right (RFC 3986, 2.1).
std::string url_encode_lower(const std::string& value) {
  std::string out;
  for (const char c : value) {
    const std::string encoded = url_encode({&c, 1});
    out += encoded.size() > 1 ? lower_case(encoded) : encoded;
  }
  return out;
}

/// JSON may write "/" so (RFC 8259, 7), and PHP does.
std::string with_escaped_slashes(const std::string& value) {
  std::string out;
  for (const char c : value) {
    if (c == '/') out += '\\';
    out += c;
  }
  return out;
}

/// The characters of base64 that a value alone decides when `before` other bytes come before it and any after it, as
/// in "user:password". Each character holds 6 bits.
std::string base64_core(const std::string& value, std::size_t before) {
  const std::string encoded = base64_encode(std::string(before, '\0') + value);
  const std::size_t first = (before * 8 + 5) / 6;
  const std::size_t end = (before + value.size()) * 8 / 6;
  return encoded.substr(first, end - first);
}

using Span = std::pair<std::size_t, std::size_t>;

/// Where the text before an ellipsis ends in the beginning of `form`, as long as a secret must be to be one.
void find_cut(std::string_view text, const std::string& form, std::vector<Span>& found) {
  for (auto cut = text.find(kEllipsis); cut != std::string_view::npos; cut = text.find(kEllipsis, cut + 1)) {
    const std::string_view before = text.substr(0, cut);
    for (std::size_t size = std::min(form.size(), cut); size >= kShortestSecret; --size) {
      if (!before.ends_with(std::string_view{form}.substr(0, size))) continue;
      found.emplace_back(cut - size, cut);
      break;
    }
  }
}

}  // namespace

void Redactor::add(const Secret& secret) {
  const std::string& value = secret.reveal();
  if (value.size() < kShortestSecret) return;
  for (std::string form : {value, url_encode(value), url_encode_lower(value), with_escaped_slashes(value),
                           base64_core(value, 0), base64_core(value, 1), base64_core(value, 2)}) {
    if (std::ranges::find(forms_, form) == forms_.end()) forms_.push_back(std::move(form));
  }
}

std::string Redactor::redact(std::string_view text) const {
  std::vector<Span> found;
  for (const std::string& form : forms_) {
    find_cut(text, form, found);
    for (auto at = text.find(form); at != std::string_view::npos; at = text.find(form, at + 1))
      found.emplace_back(at, at + form.size());
  }
  std::ranges::sort(found);
  // Secrets may overlap in the text; what they cover together is taken out, so that no rest of one stays.
  std::string out;
  std::size_t done = 0;
  for (auto span = found.begin(); span != found.end();) {
    auto [begin, end] = *span;
    for (++span; span != found.end() && span->first < end; ++span) end = std::max(end, span->second);
    out += text.substr(done, begin - done);
    out += "***";
    done = end;
  }
  out += text.substr(done);
  return out;
}

}  // namespace outaged
