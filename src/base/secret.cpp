#include "base/secret.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace outaged {
namespace {
constexpr std::size_t kShortestSecret = 6;
}

void Redactor::add(const Secret& secret) {
  const std::string& value = secret.reveal();
  if (value.size() < kShortestSecret) return;
  for (std::string form : {value, url_encode(value), base64_encode(value)}) {
    if (std::ranges::find(forms_, form) == forms_.end()) forms_.push_back(std::move(form));
  }
  // A secret that contains another must go first, or its rest would stay.
  std::ranges::stable_sort(forms_, std::ranges::greater{}, &std::string::size);
}

std::string Redactor::redact(std::string_view text) const {
  std::string out{text};
  for (const std::string& form : forms_) {
    for (auto at = out.find(form); at != std::string::npos; at = out.find(form, at + 3))
      out.replace(at, form.size(), "***");
  }
  return out;
}

}  // namespace outaged
