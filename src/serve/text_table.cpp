#include "serve/text_table.hpp"

#include <algorithm>

namespace outaged::serve {
namespace {

constexpr std::string_view kGap = "  ";

/// Code points; every character that we print ourselves is one column wide.
std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view sequence(Color color) {
  switch (color) {
    case Color::bold: return "\x1b[1m";
    case Color::dim: return "\x1b[2m";
    case Color::green: return "\x1b[32m";
    case Color::yellow: return "\x1b[33m";
    case Color::red: return "\x1b[1;31m";
    case Color::cyan: return "\x1b[36m";
    case Color::none: break;
  }
  return "";
}

}  // namespace

std::string paint(std::string_view text, Color color, bool enabled) {
  if (!enabled || color == Color::none) return std::string{text};
  return std::string{sequence(color)} + std::string{text} + "\x1b[0m";
}

std::string TextTable::render(bool color) const {
  std::vector<std::size_t> widths;
  for (const auto& cells : rows_) {
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], shown_width(cells[i].text));
  }
  std::string out;
  for (const auto& cells : rows_) {
    out += indent_;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out += paint(cells[i].text, cells[i].color, color);
      if (i + 1 == cells.size()) continue;
      out += std::string(widths[i] - shown_width(cells[i].text), ' ');
      out += kGap;
    }
    out += '\n';
  }
  return out;
}

}  // namespace outaged::serve
