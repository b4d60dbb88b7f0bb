#include "serve/page_texts.hpp"

#include <array>

namespace outaged::serve {

std::span<const PageTexts* const> page_languages() {
  static const std::array kLanguages{&page_english(), &page_italian()};
  return kLanguages;
}

std::string named(const Names& names, const std::string& name) {
  const auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

}  // namespace outaged::serve
