#pragma once
// Columns that line up, for terminals. Widths count characters as shown, not bytes.
#include <string>
#include <string_view>
#include <vector>

namespace outaged::serve {

enum class Color { none, bold, dim, green, yellow, red, cyan };

/// A piece of text and how to show it.
struct Cell {
  std::string text;
  Color color = Color::none;
};

/// `text` in `color` when `enabled` (ECMA-48 sequences), as it is otherwise.
std::string paint(std::string_view text, Color color, bool enabled);

class TextTable {
 public:
  explicit TextTable(std::string indent = "  ") : indent_(std::move(indent)) {}
  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  /// The rows, one a line; the last cell of a row is not padded.
  [[nodiscard]] std::string render(bool color) const;

 private:
  std::string indent_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace outaged::serve
